/* What could not be read: files and their syntax; and HSTS lines that stand in comments only. */
#include "base/ascii.h"
#include "config/nginx_rules.h"
#include "holdfast/header.h"

#include <string.h>

/* -- Gaps ---------------------------------------------------------------------------------------------------------- */

static void judge_gap(const nginx_judging *judging, const nginx_gap *gap)
{
    if (gap->file != NULL)
        config_lint_at(judging->lint, gap->file, gap->via, gap->offset, gap->length, RULE_SYNTAX_ERROR, "%s",
                       gap->reason);
    else if (!gap->stock)
        config_lint_word(judging->lint, gap->include, NULL, RULE_INCLUDE_UNRESOLVED, "%s", gap->reason);
}

/* -- Comments ------------------------------------------------------------------------------------------------------ */

static bool has_policy_line(const nginx_emitters *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i]->meant)
            return true;
    return false;
}

static bool has_policy(const nginx_level *level)
{
    if (has_policy_line(&level->own) || has_policy_line(&level->own_more))
        return true;
    for (size_t i = 0; i < level->child_count; i++)
        if (has_policy(level->children[i]))
            return true;
    return false;
}

/* Takes `word` away from the front of the text, whatever its case. */
static bool take(hf_span *text, const char *word)
{
    const size_t length = strlen(word);

    if (text->length < length || !base_ascii_same(text->data, word, length))
        return false;
    text->data += length;
    text->length -= length;
    return true;
}

/* Takes away the octets that are in `set`; how many those were. */
static size_t skip(hf_span *text, const char *set)
{
    size_t length = 0;

    while (length < text->length && strchr(set, text->data[length]) != NULL)
        length++;
    text->data += length;
    text->length -= length;
    return length;
}

/* True of a directive with a value, as it would be without the mark; prose about the header has none. */
static bool is_policy_line(hf_span text)
{
    static const char usual[] = "max-age";

    skip(&text, "# \t");
    if (!take(&text, "add_header") && !take(&text, "more_set_headers"))
        return false;
    if (skip(&text, " \t") == 0)
        return false;
    skip(&text, "\"'");
    if (!take(&text, HF_HEADER_NAME) || skip(&text, " \t\"':") == 0)
        return false;
    if (text.length > 0 && text.data[0] == '$')
        return true;
    for (; text.length >= sizeof usual - 1; text.data++, text.length--)
        if (base_ascii_same(text.data, usual, sizeof usual - 1))
            return true;
    return false;
}

static void judge_comments(const nginx_judging *judging, config_file *file)
{
    for (size_t i = 0; i < file->comment_count; i++) {
        const config_comment *comment = &file->comments[i];

        if (is_policy_line(comment->text))
            config_lint_at(judging->lint, file, NULL, comment->offset,
                           (size_t)(comment->text.data + comment->text.length - (file->text + comment->offset)),
                           RULE_HSTS_COMMENTED, "no other line sets the header in these files");
    }
}

void nginx_judge_files(const nginx_judging *judging)
{
    const nginx_model *model = judging->model;

    for (size_t i = 0; i < model->tree.gap_count; i++)
        judge_gap(judging, &model->tree.gaps[i]);
    if (model->http == NULL || has_policy(model->http))
        return;
    for (size_t i = 0; i < model->estate->file_count; i++)
        judge_comments(judging, model->estate->files[i]);
}
