# Flavours for tests read the server's headers once, and not for each source: that halves the time that they take to compile. Release,
# which reads them for each, shows that a source names what it needs. Core knows nothing of the server, nor does fmt itself.
ifneq ($(FLAVOUR),release)
OF_SERVER := $(filter-out $(BUILD)/core/% $(BUILD)/pg/format.o, $(OBJECTS))
$(OF_SERVER): private override CPPFLAGS := -include $(BUILD)/prelude.hpp $(CPPFLAGS)
$(OF_SERVER): $(BUILD)/prelude.hpp.gch
$(BUILD)/prelude.hpp.gch: $(BUILD)/prelude.hpp
	$(COMPILE)
$(BUILD)/prelude.hpp: src/pg/prelude.hpp
	@mkdir -p $(@D)
	$(Q)echo '#include "pg/prelude.hpp"' > $@
endif
