# motivo: `make demo` shows it at work, `make check` tests it.

# --- knobs -------------------------------------------------------------------
CC ?= cc
CXX ?= c++
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
SAN ?=#          SAN=address,undefined builds with sanitizers, apart from the rest
DEV ?=#          DEV=1 turns warnings into errors
VERSION := 0.1.0

# --- flags that the code needs -------------------------------------------------
PACKAGES := libutf8proc sqlite3 gsl libzip gmime-3.0 jansson libxml-2.0
BUILD := build/$(if $(SAN),san,plain)
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla \
	-Wmissing-prototypes -Wstrict-prototypes -Wwrite-strings $(if $(DEV),-Werror)
MV_CFLAGS := -std=c11 $(WARN) -fno-common -fPIC -fvisibility=hidden -pthread \
	-ffp-contract=off $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all)
MV_CPPFLAGS := -D_GNU_SOURCE -DMV_VERSION='"$(VERSION)"' -Isrc \
	$(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lsvm -lcsv -lcld2 -lm
LDFLAGS += -pthread $(if $(SAN),-fsanitize=$(SAN))

# --- what is built -------------------------------------------------------------
PROGRAM_SOURCES := $(wildcard src/main.c src/cli*.c src/cmd_*.c)
LIBRARY_SOURCES := $(filter-out $(PROGRAM_SOURCES),$(wildcard src/*.c))
LIBRARY := $(LIBRARY_SOURCES:src/%.c=$(BUILD)/%.o) $(BUILD)/lang_cld2.o
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: all check deps unit headers layers clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/libmotivo.a

$(BUILD)/libmotivo.a: $(LIBRARY)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: src/%.c | $(BUILD)/unit
	$(CC) $(MV_CPPFLAGS) $(CPPFLAGS) $(MV_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: src/%.cc | $(BUILD)/unit
	$(CXX) -Isrc $(CPPFLAGS) -std=c++11 -fno-exceptions \
		-fno-rtti -fPIC -fvisibility=hidden $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libmotivo.a
	$(CC) $(MV_CPPFLAGS) $(CPPFLAGS) $(MV_CFLAGS) $(CFLAGS) -MMD -MP -o $@ $< \
		$(BUILD)/libmotivo.a $(LDFLAGS) $(LIBS)

$(BUILD)/unit:
	mkdir -p $@

# --- tests -----------------------------------------------------------------
check: deps
	$(MAKE) layers headers unit

deps:
	scripts/install-deps

unit: $(UNIT)
	scripts/run-tests $(UNIT)

layers:
	scripts/layers

headers: $(patsubst src/%.h,$(BUILD)/%.header,$(wildcard src/*.h))

$(BUILD)/%.header: src/%.h | $(BUILD)/unit
	$(CC) $(MV_CPPFLAGS) $(MV_CFLAGS) -Werror -fsyntax-only -include $< -x c /dev/null
	@touch $@

clean:
	rm -rf build

-include $(wildcard $(BUILD)/*.d $(BUILD)/unit/*.d)
