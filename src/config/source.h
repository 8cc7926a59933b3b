/*
 * config/source.h: the files of a configuration as they were read, and where in them something stands.
 *
 * Everything lives in the arena of the estate, which only grows. Thread rule: one estate, one thread.
 */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "base/error.h"
#include "base/memory.h"
#include "holdfast/status.h"

#include <stdbool.h>
#include <sys/types.h>

#define CONFIG_FILE_MAX ((size_t)16 << 20)    /* octets of one file */
#define CONFIG_ESTATE_MAX ((size_t)128 << 20) /* octets of all of them */
#define CONFIG_FILES_MAX 10000

/* A comment, without its mark and without the blanks around the text. */
typedef struct config_comment {
    size_t offset; /* of its mark */
    hf_span text;
    size_t line;
    bool alone; /* nothing but blanks is in front of it on its line */
    bool used;  /* an ignore mark that has kept a finding back */
} config_comment;

typedef struct config_file {
    const char *name; /* as it was reached from the path that was given */
    const char *text; /* with a NUL behind */
    size_t length;
    const size_t *lines; /* where each line begins */
    size_t line_count;
    config_comment *comments;
    size_t comment_count, comment_capacity;
    dev_t device; /* of what file it is, by whatever path; 0: standard input */
    ino_t inode;
    const void *parsed;                /* what the platform made of it; NULL: nothing yet */
    const struct config_file *part_of; /* another file that was given, and includes it; NULL: none does */
} config_file;

typedef struct config_estate {
    base_arena arena;
    config_file **files;
    size_t file_count, file_capacity;
    size_t octets;
    const char *root; /* the folder that relative includes count from; NULL: that of the file that was given */
} config_estate;

void config_estate_done(config_estate *estate);

/* A file, read once however often it is asked for. "-" is standard input. NULL, with the reason; errno is ENOENT if it
 * is not there. */
config_file *config_estate_read(config_estate *estate, const char *path, base_error *error);

/* The same with text at hand: for tests, fuzzing, and configurations of our own making. */
config_file *config_estate_add(config_estate *estate, const char *name, const char *text, size_t length);

/* Line and column, in octets, from 1 on. */
size_t config_line_at(const config_file *file, size_t offset);
size_t config_column_at(const config_file *file, size_t offset);
/* A line without its end; false: there is none of that number. */
bool config_line_text(const config_file *file, size_t line, hf_span *text);
/* By the name of the file, for reports. */
bool config_estate_line(const config_estate *estate, const char *file, size_t line, hf_span *text);

/* `offset` is that of the mark, `text` what is behind it. */
void config_comment_add(config_estate *estate, config_file *file, size_t offset, hf_span text);

#endif
