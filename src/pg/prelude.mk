# Flavours for tests read the server's headers once, and not for each source: that halves the time that they take to compile. Release,
# which reads them for each, shows that a source names what it needs.
ifneq ($(FLAVOUR),release)
BESIDE_CORE := $(filter-out $(BUILD)/core/%, $(OBJECTS))
$(BESIDE_CORE): private override CPPFLAGS := -include $(BUILD)/prelude.hpp $(CPPFLAGS)
$(BESIDE_CORE): $(BUILD)/prelude.hpp.gch
$(BUILD)/prelude.hpp.gch: $(BUILD)/prelude.hpp
	$(COMPILE)
$(BUILD)/prelude.hpp: src/pg/prelude.hpp
	@mkdir -p $(@D)
	$(Q)echo '#include "pg/prelude.hpp"' > $@
endif
