/*
 * report/preload.h: names on preload lists, and the lists themselves.
 */
#ifndef REPORT_PRELOAD_H
#define REPORT_PRELOAD_H

#include "base/json.h"
#include "base/term.h"
#include "facts/preloaded.h"

/* The object of docs/schema/preload-lookup-line.schema.json. `json` stands at the beginning of a value. */
void report_preloaded_json(const facts_preloaded *a, base_json *json);
/* The same without blanks, as a line of its own; fast for a name in canonical form. */
void report_preloaded_line(const facts_preloaded *a, base_json *json);
/* Of a name that is not refused. */
void report_preloaded_text(const facts_preloaded *a, int64_t now, bool quiet, base_term *term);

/* An image: what it is, how old, and whether it still enforces. */
void report_preload_image_text(const char *path, const hf_preload *list, const hf_preload_info *info, int64_t now,
                               base_term *term);
void report_preload_image_json(const char *path, const hf_preload *list, const hf_preload_info *info, int64_t now,
                               base_json *json);

/* A name that differs between two lists. */
const char *report_preload_change_name(facts_preload_change kind);
void report_preload_change_text(facts_preload_change kind, const hf_preload_entry *entry, base_term *term);
void report_preload_entry_json(const hf_preload_entry *entry, base_json *json);

#endif
