/* holdfast preload compile IN OUT: an image, or with --c a C source that holds one, made of a list. */
#include "base/claims.h"
#include "base/file.h"
#include "cmd/preload.h"

#include <string.h>

#define ROW 20 /* octets a line */

/* Whoever puts the list into a program passes it on, and so passes on its licence. */
static const char *licence_of(const char *source)
{
    if (strncmp(source, "Chromium", 8) == 0)
        return "SPDX-License-Identifier: BSD-3-Clause. The list: Copyright The Chromium Authors.";
    if (strncmp(source, "Firefox", 7) == 0)
        return "SPDX-License-Identifier: MPL-2.0. The list: Mozilla, from https://github.com/mozilla-firefox/firefox.";
    return "The list is under the licence of whoever made it.";
}

/* The source's name goes into a comment: what could end it does not. */
static void write_source_name(const char *source, base_buffer *out)
{
    for (; *source != '\0'; source++)
        base_buffer_char(out, *source >= 0x20 && *source < 0x7f && *source != '*' && *source != '\\' ? *source : '?');
}

static void write_c(const base_buffer *image, const char *source, base_buffer *out)
{
    base_buffer_text(out, *source != '\0' ? "/* A preload image: " : "/* A preload image.");
    write_source_name(source, out);
    base_buffer_appendf(out, "\n * %s\n", licence_of(source));
    base_buffer_text(
        out, " * Made by holdfast preload compile --c; open it with hf_preload_open (holdfast/preload.h). */\n");
    base_buffer_text(out, "#include <stddef.h>\n\nextern const unsigned char preload_image[];\n"
                          "extern const size_t preload_image_length;\n\nconst unsigned char preload_image[] = {");
    for (size_t i = 0; i < image->length; i++)
        base_buffer_appendf(out, "%s%u,", i % ROW == 0 ? "\n    " : "", (unsigned)(unsigned char)image->data[i]);
    base_buffer_text(out, "\n};\nconst size_t preload_image_length = sizeof preload_image;\n");
}

static bool write_out(const cmd_preload_settings *s, const base_buffer *image, const char *path, base_error *error)
{
    hf_preload_info info = hf_preload_info_init();
    hf_preload_image *opened;
    base_buffer text;
    bool written;

    if (!s->as_c)
        return base_file_replace(path, image->data, image->length, error);
    if (hf_preload_open(image->data, image->length, NULL, &opened) != HF_OK)
        base_out_of_memory(); /* the compiler has opened it already */
    hf_preload_describe(opened, &info);
    base_buffer_init(&text, CMD_PRELOAD_DOCUMENT_MAX);
    write_c(image, info.source, &text);
    written = base_file_replace(path, base_buffer_string(&text), text.length, error);
    base_buffer_done(&text);
    hf_preload_close(opened);
    return written;
}

static void override(const cmd_preload_settings *s, preload_names *names)
{
    if (s->source != NULL)
        names->source = s->source;
    if (s->date != HF_TIME_UNKNOWN)
        names->list_time = s->date;
    if (s->life != HF_TIME_UNKNOWN)
        names->life = s->life;
}

static bool claim(const char *list, const char *image, base_error *error)
{
    base_claims claims = {0};
    bool good = base_claims_add_path(&claims, list, "the list", false, error) &&
                base_claims_add_path(&claims, image, "the output", true, error);

    base_claims_done(&claims);
    return good;
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    preload_names names;
    base_buffer image;
    base_error error;
    int code = BASE_EXIT_CLEAN;

    preload_names_init(&names);
    base_buffer_init(&image, CMD_PRELOAD_DOCUMENT_MAX);
    if (!claim(operands->items[0], operands->items[1], &error) ||
        !preload_names_load(&names, operands->items[0], &error)) {
        code = cmd_preload_fail("compile", &error, BASE_EXIT_USAGE);
    } else {
        override(s, &names);
        if (!preload_names_compile(&names, &image, &error))
            code = cmd_preload_fail("compile", &error, BASE_EXIT_USAGE);
        else if (!write_out(s, &image, operands->items[1], &error))
            code = cmd_preload_fail("compile", &error, BASE_EXIT_UNCHECKED);
    }
    base_buffer_done(&image);
    preload_names_done(&names);
    return code;
}

static const char *const options[] = {"c", "source", "date", "life", NULL};

const cmd_preload_sub cmd_preload_compile = {"compile", "IN OUT", 2, 2, false, options, run};
