/* A reader of preload lists: what it takes is canonical and can be compiled, what it refuses has a reason; no octet
 * beyond is read. */
#ifndef FUZZ_PRELOAD_READER_H
#define FUZZ_PRELOAD_READER_H

#include "preload/reader.h"

#include <stdlib.h>
#include <string.h>

#define COMPILED_MAX 64 /* names: compiling is not what is looked at here */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_names(preload_names *names)
{
    base_buffer image;
    base_error error = {""};

    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->entries[i].name;
        hf_host host;
        check(hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK && strcmp(host.name, name) == 0);
    }
    if (names->count == 0 || names->count > COMPILED_MAX || !preload_names_sort(names, &error))
        return;
    base_buffer_init(&image, 1 << 20);
    check(preload_names_compile(names, &image, &error) || error.text[0] != '\0');
    base_buffer_done(&image);
}

static void read_list(const preload_reader *reader, const uint8_t *data, size_t size)
{
    char *text = malloc(size > 0 ? size : 1); /* its own, of this size: a sanitizer sees an octet too many */
    base_error error = {""};
    preload_names names;

    check(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    preload_names_init(&names);
    reader->recognises(text, size);
    if (reader->read(text, size, &names, &error))
        check_names(&names);
    else
        check(error.text[0] != '\0');
    preload_names_done(&names);
    free(text);
}

#endif
