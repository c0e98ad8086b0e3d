# steward, a PostgreSQL extension. `make help` lists what there is to do.

SCRIPTED := demo test race check bench fuzz matrix dist help
ifneq (,$(filter $(SCRIPTED),$(MAKECMDGOALS)))

# What needs more than a compiler is a script, which installs what is missing and calls make for the rest.
$(SCRIPTED):
	@script/$@ $(ARGS)
.PHONY: $(SCRIPTED)

else

EXTENSION := steward
RELEASE := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" steward.control)
PG_CONFIG ?= $(shell script/bootstrap --pg-config)
PG_MAJOR := $(shell $(PG_CONFIG) --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/')

# release, faults (the n-th server call raises, see src/pg/faults.hpp) or ubsan; each has a folder of its own.
FLAVOUR ?= release
BUILD := build/$(PG_MAJOR)-$(FLAVOUR)

# The parts of the install script, in the order in which they build on each other.
SQL_PARTS := src/module.sql src/access/access.sql \
  $(addprefix src/codes/, base62.sql words.sql blocked_words.sql reserved_codes.sql random.sql series.sql \
    assign.sql capacity.sql access.sql) src/cells/mode.sql \
  $(addprefix src/counters/, tables.sql admin.sql hit.sql series.sql fold.sql stats.sql access.sql) \
  $(addprefix src/limits/, tables.sql admin.sql bind.sql consume.sql declare.sql usage.sql views.sql fold.sql \
    events.sql access.sql) \
  $(addprefix src/partitions/, tables.sql manage.sql retire.sql views.sql access.sql) \
  $(addprefix src/audit/, tables.sql ddl.sql admin.sql actor.sql readers.sql access.sql) \
  $(addprefix src/upkeep/, maintain.sql schedule.sql access.sql)

OBJECTS := $(patsubst src/%.cpp, $(BUILD)/%.o, $(wildcard src/*.cpp src/*/*.cpp))
LIBRARY := $(BUILD)/steward.so
DATA_built := $(BUILD)/steward--$(RELEASE).sql
DATA := $(wildcard upgrade/steward--*--*.sql)
EXTRA_CLEAN := build

# `make installcheck` runs the regression and isolation tests against a running server.
REGRESS := $(patsubst sql/%.sql, %, $(sort $(wildcard sql/*.sql)))
ISOLATION := $(patsubst test/isolation/specs/%.spec, %, $(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS := --inputdir=test/isolation --outputdir=test/isolation --load-extension=steward \
  $(if $(filter-out 15,$(PG_MAJOR)),--expecteddir=test/isolation)

WARNINGS := -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual $(if $(WERROR),-Werror)
CORE_WARNINGS := -Wconversion -Wsign-conversion -Wold-style-cast
flavour_faults := -DPG_FAULTS -Og
flavour_ubsan := -fsanitize=undefined -fno-sanitize-recover=undefined -Og

override with_llvm := no
.DEFAULT_GOAL := all
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
$(if $(PGXS),,$(error $(PG_CONFIG) does not work: run script/bootstrap build, or set PG_CONFIG))
include $(PGXS)

override CXXFLAGS += -std=c++20 $(WARNINGS) -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique \
  $(flavour_$(FLAVOUR))
override CPPFLAGS := -Isrc -isystem $(includedir_server) -DSTEWARD_VERSION='"$(RELEASE)"' $(CPPFLAGS)
LINKING := -Wl,--version-script=src/exports.map -Wl,--exclude-libs,ALL -Wl,--as-needed
Q := $(if $(V),,@)

all: $(LIBRARY) $(DATA_built)

$(LIBRARY): $(OBJECTS) src/exports.map
	@echo "link $@"
	$(Q)$(CXX) $(CXXFLAGS) -shared -o $@ $(OBJECTS) $(LDFLAGS) $(LINKING) -lcrypto

COMPILE = $(Q)echo "compile $<" && mkdir -p $(@D) && $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/core/%.o: CXXFLAGS += $(CORE_WARNINGS)
$(BUILD)/%.o: src/%.cpp
	$(COMPILE)

# A module that only a test loads: build/…/test/NAME/NAME.so of test/NAME/NAME.cpp, core, and the boundary of src/pg.
$(BUILD)/test/%.o: test/%.cpp
	$(COMPILE)
$(BUILD)/test/%.so: $(BUILD)/test/%.o $(filter $(BUILD)/pg/% $(BUILD)/core/%, $(OBJECTS))
	@echo "link $@"
	$(Q)$(CXX) $(CXXFLAGS) -shared -o $@ $^ $(LDFLAGS) $(LINKING) -lcrypto

include src/pg/prelude.mk

$(DATA_built): $(SQL_PARTS) Makefile
	@mkdir -p $(@D)
	$(Q)for part in $(SQL_PARTS); do cat "$$part" && echo; done > $@

-include $(OBJECTS:.o=.d) $(wildcard $(BUILD)/test/*/*.d)

install: install-library
install-library: all
	$(MKDIR_P) '$(DESTDIR)$(pkglibdir)'
	$(INSTALL_SHLIB) $(LIBRARY) '$(DESTDIR)$(pkglibdir)/steward.so'
uninstall: uninstall-library
uninstall-library:
	rm -f '$(DESTDIR)$(pkglibdir)/steward.so'

.PHONY: install-library uninstall-library

endif
