/* holdfast preload update: brings a browser's list, and puts its image in the place of the old one. */
#include "cmd/preload.h"
#include "facts/list_words.h"
#include "preload/update.h"

static void tell(const cmd_preload_settings *s, const preload_updated *updated)
{
    const char *what = updated->is_newer ? "stays, being newer: " : updated->unchanged ? "unchanged: " : "";
    char words[FACTS_LIST_WORDS_MAX];
    preload_file file;
    base_term term;

    if (s->common.quiet || !preload_file_open(&file, updated->path, NULL))
        return;
    facts_list_words(&file.preload, cmd_now(&s->common), words);
    base_term_init(&term, stdout, s->common.color);
    base_term_line(&term, BASE_STYLE_GOOD, "%s: %s%s", updated->path, what, words);
    preload_file_close(&file);
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    const preload_update_options update = {.image = s->image,
                                           .from = s->from,
                                           .list = s->list,
                                           .source = s->source,
                                           .date = s->date,
                                           .life = s->life,
                                           .canaries = &s->canaries,
                                           .force = s->force,
                                           .offline = s->offline,
                                           .quiet = s->common.quiet,
                                           .cafile = s->wire.cafile,
                                           .connect_to = &s->wire.connect_to,
                                           .now = cmd_now(&s->common)};
    preload_updated updated = {.path = ""};
    base_error error;
    int code = preload_update(&update, &updated, &error);

    (void)operands;
    if (code != BASE_EXIT_CLEAN)
        return cmd_preload_fail("update", &error, code);
    tell(s, &updated);
    return code;
}

static const char *const options[] = {"image", "from",  "list",    "source", "date",       "life", "canary",
                                      "force", "quiet", "offline", "cafile", "connect-to", "at",   NULL};

const cmd_preload_sub cmd_preload_update = {"update", "[--list NAME] [--from URL|FILE]", 0, 0, false, options, run};
