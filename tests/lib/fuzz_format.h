/*
 * What holds for every format and every input: rows have canonical names and lie within the input; a store that can be
 * kept is the same octets when every row is kept, and has no row when none is; a row written alone is read again with
 * the same name.
 */
#ifndef TESTS_FUZZ_FORMAT_H
#define TESTS_FUZZ_FORMAT_H

#include "base/idna.h"

#include <holdfast/formats.h>
#include <stdlib.h>
#include <time.h>

#define FUZZ_NOW 1795170300

/*
 * No input takes longer than this, of the processor's time: with sanitizers a hundred times what the longest inputs of
 * libFuzzer need. What SQLite computes within one step, no budget of steps sees; the clock does.
 */
#define FUZZ_SECONDS_MAX 5

typedef struct fuzz_state {
    const hf_format *format;
    const hf_format_options *options;
    hf_span octets;
    size_t rows;
    bool alone; /* write each row into a store of its own */
} fuzz_state;

static inline void fuzz_check(bool condition)
{
    if (!condition)
        abort();
}

static inline bool fuzz_count(void *self, const hf_row *row)
{
    fuzz_state *state = self;
    hf_host host;

    state->rows++;
    fuzz_check(row->host.length > 0 || row->host_hash.length == 44);
    if (row->host.length > 0) {
        fuzz_check(hf_host_parse(row->host.data, row->host.length, NULL, &host, NULL) == HF_OK);
        fuzz_check(host.length == row->host.length && memcmp(host.name, row->host.data, host.length) == 0);
    }
    fuzz_check(row->expires.nanoseconds >= 0 && row->expires.nanoseconds < 1000000000);
    fuzz_check(row->offset == HF_OFFSET_NONE || row->offset < state->octets.length);
    return true;
}

static inline bool fuzz_keep_all(void *self, const hf_row *row)
{
    (void)self;
    (void)row;
    return true;
}

static inline hf_format_writer *fuzz_writer(const fuzz_state *state, bool rewrite, bool keep, hf_octets *octets)
{
    hf_input input = hf_input_from(&state->octets);
    hf_format_rewrite plan = {&input, keep ? fuzz_keep_all : NULL, NULL};
    hf_output output = hf_output_to(octets);
    hf_format_writer *writer = NULL;

    if (hf_format_writer_new(state->format, rewrite ? &plan : NULL, state->options, &output, &writer) != HF_OK)
        return NULL;
    hf_status status = rewrite ? hf_format_writer_finish(writer) : HF_OK;
    if (status == HF_OK)
        return writer;
    hf_format_writer_free(writer);
    return NULL;
}

static inline size_t fuzz_rows_of(const fuzz_state *state, const hf_octets *octets)
{
    fuzz_state again = {state->format, state->options, {octets->data, octets->length}, 0, false};
    hf_input input = hf_input_from(&again.octets);
    hf_row_visitor visitor = {fuzz_count, NULL, &again};

    hf_status status = hf_format_read(state->format, &input, state->options, &visitor);
    fuzz_check(status == HF_OK || status == HF_E_FORMAT);
    return again.rows;
}

static inline bool fuzz_row(void *self, const hf_row *row)
{
    fuzz_state *state = self;
    hf_octets octets = {0};
    hf_losses losses = 0;

    fuzz_count(self, row);
    if (!state->alone || state->rows > 8)
        return true;
    hf_format_writer *writer = fuzz_writer(state, false, false, &octets);
    fuzz_check(writer != NULL);
    fuzz_check(hf_format_writer_add(writer, row, &losses) == HF_OK);
    fuzz_check(hf_format_writer_finish(writer) == HF_OK);
    hf_format_writer_free(writer);
    fuzz_check(fuzz_rows_of(state, &octets) == ((losses & HF_LOSSES_LEFT_OUT) == 0));
    hf_octets_done(&octets);
    return true;
}

/* `same`: a store that is kept whole comes out as it went in. A line without its end, and a database, may not. */
static inline void fuzz_format(const char *name, const uint8_t *data, size_t size, bool same)
{
    hf_format_options options = hf_format_options_init();
    fuzz_state state = {hf_format_find(name), &options, {(const char *)data, size}, 0, true};
    hf_input input = hf_input_from(&state.octets);
    hf_row_visitor visitor = {fuzz_row, NULL, &state};
    hf_octets kept = {0}, emptied = {0};

    options.idna = base_idna();
    options.now = FUZZ_NOW;
    clock_t began = clock();
    hf_format_detect(&input);
    hf_status status = hf_format_read(state.format, &input, &options, &visitor);
    /* SQLite runs out of memory over some damaged headers. */
    fuzz_check(status == HF_OK || status == HF_E_FORMAT || status == HF_E_FORMAT_SIZE || status == HF_E_MEMORY);
    hf_format_writer *writer = fuzz_writer(&state, true, true, &kept);
    if (writer != NULL && same && size > 0)
        fuzz_check(kept.length == size && memcmp(kept.data, data, size) == 0);
    hf_format_writer_free(writer);
    writer = fuzz_writer(&state, true, false, &emptied);
    if (writer != NULL)
        fuzz_check(fuzz_rows_of(&state, &emptied) == 0);
    hf_format_writer_free(writer);
    hf_octets_done(&kept);
    hf_octets_done(&emptied);
    fuzz_check((clock() - began) / CLOCKS_PER_SEC < FUZZ_SECONDS_MAX);
}

#endif
