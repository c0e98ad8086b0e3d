# steward, a PostgreSQL extension. `make help` lists what there is to do.

EXTENSION := steward
VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" steward.control)
PG_CONFIG ?= $(shell script/bootstrap --pg-config)
PG_MAJOR := $(shell $(PG_CONFIG) --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/')

# release, faults (the n-th server call raises; see src/pg/faults.hpp) or ubsan. Each has its own folder.
FLAVOUR ?= release
BUILD := build/$(PG_MAJOR)-$(FLAVOUR)

# The parts of the install script, in the order in which they build on each other.
SQL_PARTS := src/module.sql src/access/access.sql \
  $(addprefix src/codes/, base62.sql words.sql blocked_words.sql reserved_codes.sql random.sql series.sql \
    assign.sql capacity.sql access.sql)

OBJECTS := $(patsubst src/%.cpp, $(BUILD)/%.o, $(wildcard src/*.cpp src/*/*.cpp))
LIBRARY := $(BUILD)/steward.so
DATA_built := $(BUILD)/steward--$(VERSION).sql
DATA := $(wildcard upgrade/steward--*--*.sql)
EXTRA_CLEAN := build

# `make installcheck`: the regression and isolation tests against a running server.
REGRESS := $(patsubst sql/%.sql, %, $(sort $(wildcard sql/*.sql)))
REGRESS_OPTS := --load-extension=plpgsql
ISOLATION := $(patsubst test/isolation/specs/%.spec, %, $(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS := --inputdir=test/isolation --load-extension=steward

CXX_STANDARD := -std=c++20
WARNINGS := -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual $(if $(WERROR),-Werror)
CORE_WARNINGS := -Wconversion -Wsign-conversion -Wold-style-cast
flavour_faults := -DPG_FAULTS
flavour_ubsan := -fsanitize=undefined -fno-sanitize-recover=undefined -fno-sanitize=alignment

override with_llvm := no
.DEFAULT_GOAL := all
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
-include $(PGXS)

override CXXFLAGS += $(CXX_STANDARD) $(WARNINGS) -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique \
  $(flavour_$(FLAVOUR))
override CPPFLAGS := -Isrc -isystem $(includedir_server) -DFMT_HEADER_ONLY -DSTEWARD_VERSION='"$(VERSION)"' $(CPPFLAGS)

all: $(LIBRARY)

$(LIBRARY): $(OBJECTS)
	$(CXX) $(CXXFLAGS) -shared -o $@ $^ $(LDFLAGS) -Wl,--exclude-libs,ALL -Wl,--as-needed -lcrypto

$(BUILD)/core/%.o: CXXFLAGS += $(CORE_WARNINGS)
$(BUILD)/%.o: src/%.cpp | $(DATA_built)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(DATA_built): $(SQL_PARTS) Makefile
	@mkdir -p $(@D)
	for part in $(SQL_PARTS); do cat "$$part" && echo; done > $@

-include $(OBJECTS:.o=.d)

install: install-library
install-library: all
	$(MKDIR_P) '$(DESTDIR)$(pkglibdir)'
	$(INSTALL_SHLIB) $(LIBRARY) '$(DESTDIR)$(pkglibdir)/steward.so'
uninstall: uninstall-library
uninstall-library:
	rm -f '$(DESTDIR)$(pkglibdir)/steward.so'

# What needs more than a compiler steps through a script, each of which says what it does when run with --help.
demo test check bench matrix dist:
	@script/$@ $(ARGS)
help:
	@sed -n 's/^#: //p' script/help

.PHONY: demo test check bench matrix dist help install-library uninstall-library
