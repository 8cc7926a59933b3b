/*
 * rollout/history.h: what names served over time, as a file of JSON Lines: docs/formats/history.md.
 *
 * Lines come in any order, one after the other; then all is put in order, once. Thread rule: one history, one thread
 * while it is read; afterwards it does not change.
 */
#ifndef ROLLOUT_HISTORY_H
#define ROLLOUT_HISTORY_H

#include "rollout/forecast.h"

#include "base/error.h"
#include "base/memory.h"

#define ROLLOUT_HISTORY_LINE_MAX 65536           /* octets of one line */
#define ROLLOUT_HISTORY_MAX ((uint64_t)64 << 20) /* octets of all lines */

/* One line about an answer. */
typedef struct rollout_record {
    const char *name;
    rollout_served served;
    uint64_t line;
} rollout_record;

/* All zero: nothing was read. */
typedef struct rollout_records {
    base_arena arena;
    rollout_record *items;
    size_t count, capacity;
    rollout_listed *listed;
    size_t listed_count, listed_capacity;
    rollout_name *names; /* by name, once all is in order */
    size_t name_count;
} rollout_records;

/* One line, its number in the file. False, with the reason, if it says nothing that can be used; then nothing of it
 * counts. An empty one is passed over. */
bool rollout_records_add(rollout_records *records, const char *line, size_t length, uint64_t number, base_error *error);

/* Once all lines are there: puts them in order. False: two of them contradict each other. */
bool rollout_records_sort(rollout_records *records, base_error *error);

/* The whole file, "-" for standard input. False: the error names line and reason. */
bool rollout_records_read(rollout_records *records, const char *path, base_error *error);

void rollout_records_done(rollout_records *records);

/* What was served at `name`, canonical as in hf_host; NULL: no line says. */
const rollout_name *rollout_records_find(const rollout_records *records, const char *name);

#endif
