/* preload: list, host, expected, note: which entry covers the host, asked of a table and of a compiled image alike. */
#include "runner.h"

#include "base/idna.h"
#include "preload/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST, HOST, EXPECTED, COLUMNS };

static bool read_list(char *text, preload_names *names)
{
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        size_t length = strlen(word);
        bool covers = word[length - 1] == '+';

        if (!preload_names_add(names, word, length - covers, covers, NULL))
            return false;
    }
    return preload_names_sort(names, NULL);
}

/* "NAME+", "NAME" or "-". */
static void answer(const hf_preload *preload, const hf_host *host, char text[HF_HOST_MAX + 2])
{
    hf_preload_match match;

    /* As every caller has it: an address is asked for nowhere. */
    if (host->kind == HF_HOST_NAME && preload->cover(preload->self, host, &match))
        snprintf(text, HF_HOST_MAX + 2, "%s%s", host->name + match.offset, match.include_subdomains ? "+" : "");
    else
        snprintf(text, HF_HOST_MAX + 2, "-");
}

static void ask(tally *t, const hf_preload *table, const hf_preload *image, char *const *columns)
{
    char by_table[HF_HOST_MAX + 2], by_image[HF_HOST_MAX + 2];
    hf_host host;

    if (hf_host_parse(columns[HOST], strlen(columns[HOST]), base_idna(), &host, NULL) != HF_OK) {
        vector_fail(t, "%s is not a host name", columns[HOST]);
        return;
    }
    answer(table, &host, by_table);
    answer(image, &host, by_image);
    if (strcmp(by_table, columns[EXPECTED]) == 0 && strcmp(by_image, columns[EXPECTED]) == 0)
        vector_pass(t);
    else
        vector_fail(t, "%s: wanted %s; the table says %s, the image %s", columns[HOST], columns[EXPECTED], by_table,
                    by_image);
}

static void ask_both(tally *t, preload_names *names, char *const *columns)
{
    const hf_preload_table table = {names->entries, names->count};
    hf_preload by_table = {.size = sizeof by_table}, by_image = {.size = sizeof by_image};
    hf_preload_image *image = NULL;
    base_buffer octets;

    base_buffer_init(&octets, 1 << 20);
    if (hf_preload_from_table(&table, "", 0, HF_TIME_NEVER, &by_table) != HF_OK ||
        !preload_names_compile(names, &octets, NULL) ||
        hf_preload_open(octets.data, octets.length, NULL, &image) != HF_OK) {
        vector_fail(t, "the list cannot be compiled");
    } else {
        hf_preload_from_image(image, &by_image);
        ask(t, &by_table, &by_image, columns);
    }
    hf_preload_close(image);
    base_buffer_done(&octets);
}

static void run(tally *t, char *line)
{
    char *columns[COLUMNS + 1];
    preload_names names;

    if (split_columns(line, columns, COLUMNS + 1) < COLUMNS) {
        vector_fail(t, "a column is missing");
        return;
    }
    preload_names_init(&names);
    if (read_list(columns[LIST], &names))
        ask_both(t, &names, columns);
    else
        vector_fail(t, "the list is malformed");
    preload_names_done(&names);
}

const vector_kind vector_preload = {"preload", run};
