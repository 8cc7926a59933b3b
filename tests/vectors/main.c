/* hf-vectors KIND FILE...: runs vectors, prints a line for each failure and, last, how many passed and failed. */
#include "runner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const vector_kind *const kinds[] = {&vector_header, &vector_url,      &vector_store,      &vector_preload,
                                           &vector_head,   &vector_forecast, &vector_eligibility};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

void vector_pass(tally *t)
{
    t->passed++;
}

void vector_fail(tally *t, const char *format, ...)
{
    va_list arguments;

    t->failed++;
    printf("%s:%zu: failed: ", t->file, t->line);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void vector_skip(tally *t, const char *name, const char *why)
{
    t->skipped++;
    printf("%s:%zu: skipped: %s: %s\n", t->file, t->line, name, why);
}

static void run_lines(const vector_kind *kind, FILE *file, tally *t)
{
    char *line = NULL;
    size_t capacity = 0, before = t->passed + t->failed + t->skipped;
    ssize_t length;

    for (t->line = 1; (length = getline(&line, &capacity, file)) >= 0; t->line++) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = '\0';
        if (length > 0 && line[0] != '#')
            kind->run(t, line);
    }
    free(line);
    if (ferror(file))
        vector_fail(t, "cannot read on: %s", strerror(errno));
    else if (t->passed + t->failed + t->skipped == before)
        vector_fail(t, "no vector in this file");
}

static void run_file(const vector_kind *kind, tally *t)
{
    FILE *file = fopen(t->file, "r");

    t->line = 0;
    if (file == NULL) {
        vector_fail(t, "cannot open: %s", strerror(errno));
        return;
    }
    run_lines(kind, file, t);
    fclose(file);
}

static const vector_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    }
    return NULL;
}

static int usage(FILE *out, int code)
{
    fputs("usage: hf-vectors KIND FILE...\nkinds:", out);
    for (size_t i = 0; i < KIND_COUNT; i++)
        fprintf(out, " %s", kinds[i]->name);
    fputc('\n', out);
    return code;
}

int main(int argc, char **argv)
{
    const vector_kind *kind = argc > 2 ? find_kind(argv[1]) : NULL;
    tally t = {0};

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return usage(stdout, 0);
    if (kind == NULL)
        return usage(stderr, 2);
    for (int i = 2; i < argc; i++) {
        t.file = argv[i];
        run_file(kind, &t);
    }
    printf("%zu passed, %zu failed", t.passed, t.failed);
    if (t.skipped > 0)
        printf(", %zu skipped", t.skipped);
    putchar('\n');
    return t.failed > 0;
}
