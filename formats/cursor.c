#include "cursor.h"

#include <stdlib.h>

hf_status hf__cursor_init(hf__cursor *cursor, const hf_input *input)
{
    *cursor = (hf__cursor){.input = input, .mark = SIZE_MAX, .window = malloc(HF__WINDOW)};
    return cursor->window != NULL ? HF_OK : HF_E_MEMORY;
}

void hf__cursor_done(hf__cursor *cursor)
{
    free(cursor->window);
}

/* Moves what is still wanted to the front of the window. */
static void slide(hf__cursor *cursor)
{
    if (cursor->mark != SIZE_MAX && cursor->at - cursor->mark > HF__MARK_MAX)
        cursor->mark = SIZE_MAX;
    size_t from = cursor->mark != SIZE_MAX ? cursor->mark : cursor->at;
    memmove(cursor->window, cursor->window + from, cursor->end - from);
    cursor->at -= from;
    cursor->end -= from;
    cursor->base += from;
    if (cursor->mark != SIZE_MAX)
        cursor->mark = 0;
}

/* An input that grows while it is read would never end: what is behind its first length is not read. */
bool hf__cursor_fill(hf__cursor *cursor)
{
    size_t got = 0;

    if (cursor->exhausted)
        return false;
    slide(cursor);
    size_t room = HF__WINDOW - cursor->end;
    uint64_t at = cursor->base + cursor->end, left = cursor->input->length > at ? cursor->input->length - at : 0;
    if (left < room)
        room = (size_t)left;
    cursor->failed =
        !cursor->input->read(cursor->input->self, at, cursor->window + cursor->end, room, &got) || got > room;
    if (cursor->failed)
        got = 0;
    cursor->exhausted = got < room || got == left;
    cursor->end += got;
    return got > 0;
}

hf_span hf__cursor_marked(const hf__cursor *cursor)
{
    if (cursor->mark == SIZE_MAX || cursor->at - cursor->mark > HF__MARK_MAX)
        return (hf_span){0};
    return (hf_span){cursor->window + cursor->mark, cursor->at - cursor->mark};
}

/* Steps over the rest of a line. */
static void skip_line(hf__cursor *cursor)
{
    while (hf__cursor_peek(cursor) >= 0) {
        char *from = cursor->window + cursor->at;
        char *lf = memchr(from, '\n', cursor->end - cursor->at);
        cursor->at = lf != NULL ? (size_t)(lf - cursor->window) + 1 : cursor->end;
        if (lf != NULL)
            return;
    }
}

bool hf__cursor_line(hf__cursor *cursor, hf__line *line)
{
    if (hf__cursor_peek(cursor) < 0)
        return false;
    if (cursor->end - cursor->at <= HF__LINE_MAX)
        hf__cursor_fill(cursor);
    const char *from = cursor->window + cursor->at;
    size_t length = cursor->end - cursor->at;
    const char *lf = memchr(from, '\n', length);

    *line = (hf__line){.offset = hf__cursor_offset(cursor)};
    if (lf != NULL)
        length = (size_t)(lf - from);
    line->overlong = length > HF__LINE_MAX;
    if (line->overlong) {
        skip_line(cursor);
    } else {
        line->text = (hf_span){from, length};
        cursor->at += length + (lf != NULL);
    }
    line->end = hf__cursor_offset(cursor);
    return true;
}
