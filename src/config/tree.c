#include "config/tree.h"

#include <string.h>

bool config_node_is(const config_node *node, const char *name)
{
    return node->said->word_count > 0 && strcmp(node->said->words[0].text, name) == 0;
}

bool config_word_is(const config_word *word, const char *text)
{
    return word != NULL && strcmp(word->text, text) == 0;
}

const config_word *config_node_word(const config_node *node, size_t number)
{
    return number < node->said->word_count ? &node->said->words[number] : NULL;
}

finding_place config_place_at(const config_file *file, const config_via *via, size_t begin, size_t end,
                              base_arena *arena)
{
    size_t line = config_line_at(file, begin);
    size_t column = begin - file->lines[line - 1] + 1;
    finding_place place;
    hf_span text;

    /* What goes on in the next line is shown up to the end of the first. */
    if (config_line_text(file, line, &text) && end > file->lines[line - 1] + text.length)
        end = file->lines[line - 1] + text.length;
    place = finding_at_file(file->name, line, column, end > begin ? end - file->lines[line - 1] + 1 : column + 1);
    if (via != NULL) {
        finding_include *includes = base_arena_take(arena, via->depth * sizeof *includes);

        for (; via != NULL; via = via->outer) {
            const config_directive *include = via->include;

            includes[place.include_count++] = (finding_include){
                .file = include->file->name, .line = config_line_at(include->file, include->words[0].offset)};
        }
        place.includes = includes;
    }
    return place;
}

static finding_place place_of(const config_node *node, size_t begin, size_t end, base_arena *arena)
{
    return config_place_at(node->said->file, node->via, begin, end, arena);
}

finding_place config_place_word(const config_node *node, const config_word *word, base_arena *arena)
{
    return place_of(node, word->offset, word->end, arena);
}

finding_place config_place_part(const config_node *node, const config_word *word, size_t from, size_t length,
                                base_arena *arena)
{
    size_t begin = word->offset + word->quoted + from;

    if (!word->exact || from > word->length)
        return config_place_word(node, word, arena);
    return place_of(node, begin, length > 0 ? begin + length : begin + 1, arena);
}

finding_place config_place_node(const config_node *node, base_arena *arena)
{
    return place_of(node, node->said->words[0].offset, node->said->end, arena);
}
