# motivo: `make demo` shows it at work, `make check` tests it.

# --- knobs -------------------------------------------------------------------
CC ?= cc
CXX ?= c++
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=#          SAN=address,undefined builds with sanitizers, apart from the rest
DEV ?=#          DEV=1 turns warnings into errors
SECONDS ?= 600#  how long `make fuzz` runs each target
BENCH ?=#        what `make bench` runs, as BENCH="--quick quality"
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
PROGRAM_LIBS := $(shell pkg-config --libs ncursesw 2>/dev/null)
LDFLAGS += -pthread $(if $(SAN),-fsanitize=$(SAN))
COMPILE = $(CC) $(MV_CPPFLAGS) $(CPPFLAGS) $(MV_CFLAGS) $(CFLAGS) -MMD -MP
JOBS := -j$(shell nproc)

# --- what is built -------------------------------------------------------------
PROGRAM_SOURCES := $(wildcard src/main.c src/cli*.c src/cmd_*.c)
LIBRARY_SOURCES := $(filter-out $(PROGRAM_SOURCES),$(wildcard src/*.c))
PROGRAM := $(PROGRAM_SOURCES:src/%.c=$(BUILD)/%.o)
LIBRARY := $(LIBRARY_SOURCES:src/%.c=$(BUILD)/%.o) $(BUILD)/lang_cld2.o
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all check tests deps unit seeds cli golden headers layers man install \
	demo lint fuzz fuzzers models bench clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/motivo $(BUILD)/libmotivo.a $(BUILD)/libmotivo.so

$(BUILD)/motivo: $(PROGRAM) $(BUILD)/libmotivo.a
	$(CC) -o $@ $^ $(LDFLAGS) $(LIBS) $(PROGRAM_LIBS)

$(BUILD)/libmotivo.a: $(LIBRARY)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libmotivo.so: $(LIBRARY)
	$(CC) -shared -Wl,-soname,libmotivo.so.0 -o $@ $^ $(LDFLAGS) $(LIBS)

$(BUILD)/%.o: src/%.c | $(BUILD)/unit
	$(COMPILE) -c -o $@ $<

# The types of the public interface come with a few functions of their own.
$(BUILD)/status.o $(BUILD)/invite.o: MV_CFLAGS += -fvisibility=default

$(BUILD)/%.o: src/%.cc | $(BUILD)/unit
	$(CXX) -Isrc $(CPPFLAGS) -std=c++11 -fno-exceptions \
		-fno-rtti -fPIC -fvisibility=hidden $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libmotivo.a
	$(COMPILE) -o $@ $< $(BUILD)/libmotivo.a $(LDFLAGS) $(LIBS)

$(BUILD)/simulate: tests/simulate.c $(BUILD)/libmotivo.a
	$(COMPILE) -o $@ $< $(BUILD)/libmotivo.a $(LDFLAGS) $(LIBS)

$(BUILD)/simulate_labels: tests/simulate_labels.c tests/simulate_learn.c \
		tests/simulate_learn.h $(BUILD)/libmotivo.a
	$(filter-out -MMD -MP,$(COMPILE)) -o $@ $(filter %.c,$^) $(BUILD)/libmotivo.a \
		$(LDFLAGS) $(LIBS)

$(BUILD)/unit $(BUILD)/fuzz:
	mkdir -p $@

# The terminal that tests drive the labeller in.
$(BUILD)/terminal: tests/terminal.c | $(BUILD)/unit
	$(COMPILE) -Wno-conversion -o $@ $< $(LDFLAGS) -lutil

man: build/motivo.1
build/motivo.%: build/plain/motivo
	$< help $(if $(filter 1,$*),--man,--completion) > $@

# --- tests -----------------------------------------------------------------
check: deps
	$(MAKE) $(JOBS) all $(BUILD)/terminal $(BUILD)/simulate_labels layers headers \
		$(UNIT) $(FUZZ:%=$(BUILD)/fuzz/%)
	@$(MAKE) -s tests

tests:
	@scripts/run-tests $(UNIT) $(FUZZ:%=$(BUILD)/fuzz/%) \
		"scripts/run-cli-tests $(BUILD)/motivo" $(if $(SAN),,scripts/check-install \
		"scripts/check-browser $(BUILD)/motivo") \
		$(wildcard scripts/corpus-check)

deps:
	scripts/install-deps

unit: $(UNIT)
	scripts/run-tests $(UNIT)

seeds: $(FUZZ:%=$(BUILD)/fuzz/%)
	scripts/run-tests $^

cli: all $(BUILD)/terminal
	scripts/run-cli-tests $(BUILD)/motivo

golden: all $(BUILD)/terminal
	scripts/run-cli-tests --golden $(BUILD)/motivo

layers:
	scripts/layers

headers: $(patsubst src/%.h,$(BUILD)/%.header,$(wildcard src/*.h))

$(BUILD)/%.header: src/%.h | $(BUILD)/unit
	$(CC) $(MV_CPPFLAGS) $(MV_CFLAGS) -Werror -fsyntax-only -include $< -x c /dev/null
	@touch $@

$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(BUILD)/libmotivo.a \
		| $(BUILD)/fuzz
	$(filter-out -MMD -MP,$(COMPILE)) -DSEEDS='"tests/fuzz/seeds/$*"' -o $@ $(filter %.c,$^) \
		$(BUILD)/libmotivo.a $(LDFLAGS) $(LIBS)

fuzz:
	$(MAKE) $(JOBS) CC=clang CXX=clang++ BUILD=build/fuzz \
		SAN=fuzzer-no-link,address,undefined fuzzers
	scripts/fuzz $(SECONDS) $(FUZZ)

fuzzers: $(FUZZ:%=$(BUILD)/run_%)

$(BUILD)/run_%: tests/fuzz/fuzz_%.c $(BUILD)/libmotivo.a
	$(COMPILE) -o $@ $< $(BUILD)/libmotivo.a $(LDFLAGS) -fsanitize=fuzzer $(LIBS)

lint:
	clang $(MV_CPPFLAGS) -DSEEDS='""' $(MV_CFLAGS) -Wno-sign-conversion -Werror \
		-fsyntax-only $(wildcard src/*.c tests/unit/*.c tests/fuzz/*.c)
	cppcheck -q --std=c11 --enable=warning,performance,portability \
		--suppress=duplicateAssignExpression --error-exitcode=1 -Isrc src tests/fuzz
	shellcheck $$(grep -l -d skip '^#!/bin/sh' scripts/* .ci/*)

# --- use ---------------------------------------------------------------------
demo: deps
	@$(MAKE) -s $(JOBS) all
	@scripts/demo $(BUILD)/motivo

TO = $(DESTDIR)$(PREFIX)
install: all models build/motivo.1 build/motivo.bash
	scripts/install-files $(BUILD) '$(TO)' '$(PREFIX)' $(VERSION) \
		'$(PACKAGES)' '-lsvm -lcsv -lcld2 -lm'

# The starter model: the same bytes from the same corpus.
models: models/starter.motivo

models/starter.motivo: $(BUILD)/motivo $(wildcard corpus/*.csv)
	rm -rf build/models.db*
	MOTIVO_CORPUS=corpus $< --quiet --db build/models.db import --starter >build/models.log
	$< --quiet --db build/models.db train --no-activate -o $@ >>build/models.log

bench: all
	scripts/bench $(BENCH)

clean:
	rm -rf build models/*.motivo

-include $(wildcard $(BUILD)/*.d $(BUILD)/unit/*.d)
