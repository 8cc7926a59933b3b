#include "config/patch.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT 3 /* lines around a change */

/* -- Which edits are made ------------------------------------------------------------------------------------------ */

typedef struct making {
    base_arena *arena;
    config_patches *patches;
} making;

static config_patch *patch_of(making *m, config_file *file)
{
    config_patches *all = m->patches;

    /* Findings are in the order of files. */
    for (size_t i = all->count; i-- > 0;)
        if (all->items[i].file == file)
            return &all->items[i];
    all->items = base_arena_grow(m->arena, all->items, all->count, &all->capacity, sizeof *all->items);
    all->items[all->count] = (config_patch){.file = file};
    return &all->items[all->count++];
}

static size_t end_of(const config_edit *edit)
{
    return edit->offset + edit->length;
}

static bool is_before(const config_edit *a, const config_edit *b)
{
    return a->offset != b->offset ? a->offset < b->offset : a->length < b->length;
}

static bool is_same(const config_edit *a, const config_edit *b)
{
    return a->offset == b->offset && a->length == b->length && strcmp(a->text, b->text) == 0;
}

static bool overlap(const config_edit *a, const config_edit *b)
{
    if (a->length == 0 && b->length == 0)
        return a->offset == b->offset;
    return a->offset < end_of(b) && b->offset < end_of(a);
}

/* Where the edit belongs among those of the file: behind all that are not after it. */
static size_t place_of(const config_patch *patch, const config_edit *edit)
{
    size_t low = 0, high = patch->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(edit, &patch->edits[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

typedef enum fit { FREE, SAME, TAKEN } fit;

/* Edits that are made do not overlap, so one that overlaps any of them overlaps a neighbour. */
static fit fit_of(const config_patch *patch, const config_edit *edit)
{
    size_t at = place_of(patch, edit);

    if (edit->offset > patch->file->length || edit->length > patch->file->length - edit->offset)
        return TAKEN;
    if (at > 0 && is_same(&patch->edits[at - 1], edit))
        return SAME;
    if ((at > 0 && overlap(&patch->edits[at - 1], edit)) || (at < patch->count && overlap(&patch->edits[at], edit)))
        return TAKEN;
    return FREE;
}

static void insert(making *m, config_patch *patch, const config_edit *edit)
{
    size_t at = place_of(patch, edit);

    patch->edits = base_arena_grow(m->arena, patch->edits, patch->count, &patch->capacity, sizeof *patch->edits);
    memmove(patch->edits + at + 1, patch->edits + at, (patch->count - at) * sizeof *patch->edits);
    patch->edits[at] = *edit;
    patch->count++;
}

/* All edits of a finding, or none. */
static void take(making *m, const config_fix *fix)
{
    for (size_t i = 0; i < fix->count; i++)
        if (fit_of(patch_of(m, fix->edits[i].file), &fix->edits[i]) == TAKEN) {
            m->patches->left++;
            return;
        }
    m->patches->mended++;
    for (size_t i = 0; i < fix->count; i++) {
        config_patch *patch = patch_of(m, fix->edits[i].file);

        if (fit_of(patch, &fix->edits[i]) != SAME)
            insert(m, patch, &fix->edits[i]);
        patch->mended += patch->last != m->patches->mended;
        patch->last = m->patches->mended;
    }
}

static void drop_untouched(config_patches *patches)
{
    size_t kept = 0;

    for (size_t i = 0; i < patches->count; i++)
        if (patches->items[i].count > 0)
            patches->items[kept++] = patches->items[i];
    patches->count = kept;
}

void config_patches_make(const config_lint *lint, config_patches *patches)
{
    making m = {.arena = &lint->estate->arena, .patches = patches};

    *patches = (config_patches){0};
    for (size_t i = 0; i < lint->findings.count; i++)
        if (lint->fixes[i].count > 0)
            take(&m, &lint->fixes[i]);
    drop_untouched(patches);
}

/* -- The text ------------------------------------------------------------------------------------------------------ */

/* Octets of the old text from `from` to `to`, with the edits from *next on that begin there. */
static void put_edited(const config_patch *patch, size_t from, size_t to, size_t *next, base_buffer *out)
{
    for (; *next < patch->count && end_of(&patch->edits[*next]) <= to; ++*next) {
        const config_edit *edit = &patch->edits[*next];

        if (edit->offset < from)
            continue;
        base_buffer_append(out, patch->file->text + from, edit->offset - from);
        base_buffer_text(out, edit->text);
        from = end_of(edit);
    }
    base_buffer_append(out, patch->file->text + from, to - from);
}

void config_patch_text(const config_patch *patch, base_buffer *out)
{
    size_t next = 0;

    put_edited(patch, 0, patch->file->length, &next, out);
}

/* -- Which lines are changed --------------------------------------------------------------------------------------- */

/* Whole lines of the old text, and what stands there instead. */
typedef struct change {
    size_t begin, end; /* in the old text */
    size_t at, length; /* in `added` */
} change;

typedef struct changes {
    const config_patch *patch;
    base_buffer added;
    change *items;
    size_t count, capacity;
} changes;

static size_t begin_of_line(const config_file *file, size_t offset)
{
    return file->lines[config_line_at(file, offset) - 1];
}

/* Behind its line feed. */
static size_t end_of_line(const config_file *file, size_t offset)
{
    size_t line = config_line_at(file, offset);

    return line < file->line_count ? file->lines[line] : file->length;
}

/* Behind the last line that the edit touches. One that ends where a line begins, with whole lines, leaves that alone.
 */
static size_t touched_until(const config_file *file, const config_edit *edit)
{
    size_t end = end_of(edit), length = strlen(edit->text);
    bool whole = length > 0 ? edit->text[length - 1] == '\n' : begin_of_line(file, edit->offset) == edit->offset;

    return whole && begin_of_line(file, end) == end ? end : end_of_line(file, end);
}

static size_t first_line(const char *text, size_t length)
{
    const char *feed = length > 0 ? memchr(text, '\n', length) : NULL;

    return feed != NULL ? (size_t)(feed - text) + 1 : length;
}

static size_t last_line(const char *text, size_t length)
{
    size_t at = length > 0 ? length - 1 : 0;

    while (at > 0 && text[at - 1] != '\n')
        at--;
    return length - at;
}

/* Leaves out lines that are the same before and after. */
static void trim(const changes *all, change *item)
{
    const char *old = all->patch->file->text, *new = base_buffer_string(&all->added);

    for (;;) {
        size_t size = first_line(old + item->begin, item->end - item->begin);

        if (size == 0 || size != first_line(new + item->at, item->length) ||
            memcmp(old + item->begin, new + item->at, size) != 0)
            break;
        item->begin += size;
        item->at += size;
        item->length -= size;
    }
    for (;;) {
        size_t size = last_line(old + item->begin, item->end - item->begin);

        if (size == 0 || size != last_line(new + item->at, item->length) ||
            memcmp(old + item->end - size, new + item->at + item->length - size, size) != 0)
            break;
        item->end -= size;
        item->length -= size;
    }
}

static void add_change(changes *all, size_t *next)
{
    const config_patch *patch = all->patch;
    size_t begin = begin_of_line(patch->file, patch->edits[*next].offset), end = begin, last = *next;
    size_t at = all->added.length;
    change item;

    for (; last < patch->count && (last == *next || begin_of_line(patch->file, patch->edits[last].offset) <= end);
         last++) {
        size_t until = touched_until(patch->file, &patch->edits[last]);

        end = until > end ? until : end;
    }
    put_edited(patch, begin, end, next, &all->added);
    *next = last;
    item = (change){.begin = begin, .end = end, .at = at, .length = all->added.length - at};
    trim(all, &item);
    if (item.begin == item.end && item.length == 0)
        return;
    all->items = base_grow(all->items, all->count, &all->capacity, sizeof *all->items);
    all->items[all->count++] = item;
}

/* -- The diff ------------------------------------------------------------------------------------------------------ */

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 0;

    while (length > 0) {
        size_t size = first_line(text, length);

        text += size;
        length -= size;
        count++;
    }
    return count;
}

static void put_lines(base_buffer *out, char mark, const char *text, size_t length)
{
    while (length > 0) {
        size_t size = first_line(text, length);

        base_buffer_char(out, mark);
        base_buffer_append(out, text, size);
        if (text[size - 1] != '\n')
            base_buffer_text(out, "\n\\ No newline at end of file\n");
        text += size;
        length -= size;
    }
}

static bool is_odd(unsigned char c)
{
    return c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
}

/* As GNU diff writes names: quoted as in C where an octet is not plain; with a tab behind where a blank is in it. */
static void put_name(base_buffer *out, const char *mark, const char *name)
{
    bool odd = false;

    base_buffer_text(out, mark);
    for (const char *c = name; *c != '\0'; c++)
        odd = odd || is_odd((unsigned char)*c);
    if (odd)
        base_buffer_char(out, '"');
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            base_buffer_appendf(out, "\\%c", *c);
        else if (is_odd((unsigned char)*c))
            base_buffer_appendf(out, "\\%03o", (unsigned)(unsigned char)*c);
        else
            base_buffer_char(out, *c);
    }
    base_buffer_text(out, odd ? "\"\n" : strchr(name, ' ') != NULL ? "\t\n" : "\n");
}

static size_t back(const config_file *file, size_t offset)
{
    size_t line = config_line_at(file, offset) - 1;

    return file->lines[line > CONTEXT ? line - CONTEXT : 0];
}

static size_t forward(const config_file *file, size_t offset)
{
    for (size_t i = 0; i < CONTEXT && offset < file->length; i++)
        offset = end_of_line(file, offset);
    return offset;
}

static void put_range(base_buffer *out, char mark, size_t line, size_t count)
{
    base_buffer_appendf(out, " %c%zu", mark, count == 0 ? line - 1 : line);
    if (count != 1)
        base_buffer_appendf(out, ",%zu", count);
}

/* One hunk: the changes from `first` to before `last`. `shift`: so many lines the new text is ahead of the old one. */
static void put_hunk(const changes *all, size_t first, size_t last, ptrdiff_t *shift, base_buffer *out)
{
    const config_file *file = all->patch->file;
    const char *added = base_buffer_string(&all->added);
    size_t begin = back(file, all->items[first].begin), end = forward(file, all->items[last - 1].end), at = begin;
    size_t line = config_line_at(file, begin), old = count_lines(file->text + begin, end - begin), new = old;

    for (size_t i = first; i < last; i++) {
        const change *item = &all->items[i];

        new += count_lines(added + item->at, item->length);
        new -= count_lines(file->text + item->begin, item->end - item->begin);
    }
    base_buffer_text(out, "@@");
    put_range(out, '-', line, old);
    put_range(out, '+', (size_t)((ptrdiff_t)line + *shift), new);
    base_buffer_text(out, " @@\n");
    for (size_t i = first; i < last; i++) {
        const change *item = &all->items[i];

        put_lines(out, ' ', file->text + at, item->begin - at);
        put_lines(out, '-', file->text + item->begin, item->end - item->begin);
        put_lines(out, '+', added + item->at, item->length);
        at = item->end;
    }
    put_lines(out, ' ', file->text + at, end - at);
    *shift += (ptrdiff_t) new - (ptrdiff_t)old;
}

/* Changes whose contexts touch are one hunk. */
static void put_hunks(const changes *all, base_buffer *out)
{
    const config_file *file = all->patch->file;
    ptrdiff_t shift = 0;

    for (size_t first = 0, last; first < all->count; first = last) {
        for (last = first + 1; last < all->count; last++)
            if (forward(file, all->items[last - 1].end) < back(file, all->items[last].begin))
                break;
        put_hunk(all, first, last, &shift, out);
    }
}

void config_patch_diff(const config_patch *patch, base_buffer *out)
{
    changes all = {.patch = patch};
    size_t next = 0;

    base_buffer_init(&all.added, 2 * CONFIG_FILE_MAX);
    while (next < patch->count)
        add_change(&all, &next);
    if (all.count > 0) {
        put_name(out, "--- ", patch->file->name);
        put_name(out, "+++ ", patch->file->name);
        put_hunks(&all, out);
    }
    base_buffer_done(&all.added);
    free(all.items);
}
