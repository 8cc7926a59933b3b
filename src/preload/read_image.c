/* An image of our own. */
#include "preload/reader.h"

#include <string.h>

static bool recognises(const char *text, size_t length)
{
    return length >= 4 && memcmp(text, "\x89HFP", 4) == 0;
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    hf_preload_info info = hf_preload_info_init();
    hf_preload_cursor cursor = {{0}};
    hf_preload_image *image;
    char name[HF_HOST_MAX + 1];
    bool include_subdomains, is_good = true;
    hf_status status = hf_preload_open(text, length, NULL, &image);

    if (status != HF_OK) {
        base_error_set(error, "%s", hf_status_text(status));
        return false;
    }
    hf_preload_describe(image, &info);
    names->source = base_arena_string(&names->arena, info.source);
    names->list_time = info.list_time;
    names->life = info.life;
    while (is_good && hf_preload_next(image, &cursor, name, &include_subdomains))
        is_good = preload_names_add(names, name, strlen(name), include_subdomains, error);
    if (is_good && names->count != info.count) {
        base_error_set(error, "the image says that it has %zu names, and gives %zu", info.count, names->count);
        is_good = false;
    }
    hf_preload_close(image);
    return is_good;
}

const preload_reader preload_reader_image = {"an image", recognises, read};
