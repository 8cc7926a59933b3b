/* holdfast preload dump FILE: the list of an image, or of any kind of file that holds one, as text. */
#include "cmd/preload.h"

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    preload_names names;
    base_buffer out;
    base_error error;
    int code;

    (void)s;
    preload_names_init(&names);
    if (!preload_names_load(&names, operands->items[0], &error)) {
        preload_names_done(&names);
        return cmd_preload_fail("dump", &error, BASE_EXIT_USAGE);
    }
    base_buffer_init(&out, CMD_PRELOAD_DOCUMENT_MAX);
    for (size_t i = 0; i < names.count; i++) {
        base_buffer_text(&out, names.entries[i].name);
        base_buffer_text(&out, names.entries[i].include_subdomains ? "\t1\n" : "\t0\n");
    }
    code = cmd_preload_write("dump", &out);
    base_buffer_done(&out);
    preload_names_done(&names);
    return code;
}

static const char *const options[] = {NULL};

const cmd_preload_sub cmd_preload_dump = {"dump", "FILE", 1, 1, false, options, run};
