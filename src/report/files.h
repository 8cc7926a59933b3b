/* report/files.h: files of certificates that are to be served, and what follows for who would serve them. */
#ifndef REPORT_FILES_H
#define REPORT_FILES_H

#include "facts/files.h"
#include "findings/judgement.h"

#include "base/term.h"

typedef struct report_files_item {
    const facts_files *files;
    const finding_judgement *judgement;
} report_files_item;

/* `quiet`: the first line alone. */
void report_files_text(const report_files_item *item, bool quiet, base_term *term);

/* An item of "files" in docs/schema/check-files.schema.json. */
void report_files_json(const report_files_item *item, base_json *json);

#endif
