#include "text.h"

typedef struct text_reader {
    const hf__text *text;
    const hf_format_options *options;
    hf__cursor cursor;
    hf__line line;
    uint64_t number;
    hf_row row;
    hf_host host;
    hf_row_damage damage;
} text_reader;

static hf_span without_cr(hf_span line)
{
    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    return line;
}

static hf__line_kind judge(text_reader *r)
{
    r->damage = (hf_row_damage){r->line.offset, r->number, "the line is longer than 4095 octets"};
    if (r->line.overlong)
        return HF__LINE_DAMAGED;
    hf_span line = without_cr(r->line.text);
    if (line.length > 0 && memchr(line.data, '\0', line.length) != NULL) {
        r->damage.reason = "the line holds a NUL";
        return HF__LINE_DAMAGED;
    }
    r->row = hf__row();
    hf__line_kind kind = r->text->parse(line, r->options, &r->row, &r->host, &r->damage.reason);
    r->row.host = (hf_span){r->host.name, r->host.length};
    r->row.offset = r->line.offset;
    r->row.line = r->number;
    r->row.raw = line;
    return kind;
}

static bool next(text_reader *r, hf__line_kind *kind)
{
    if (!hf__cursor_line(&r->cursor, &r->line))
        return false;
    r->number++;
    *kind = judge(r);
    return true;
}

hf_status hf__text_read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                        const hf_row_visitor *visitor)
{
    text_reader r = {.text = format->detail, .options = options};
    hf_status status = hf__cursor_init(&r.cursor, input);
    bool recognised = input->length == 0;
    hf__line_kind kind;

    if (status != HF_OK)
        return status;
    while (next(&r, &kind)) {
        recognised = recognised || kind != HF__LINE_DAMAGED;
        if (kind == HF__LINE_ROW && !visitor->row(visitor->self, &r.row))
            break;
        if (kind == HF__LINE_DAMAGED)
            visitor->damage(visitor->self, &r.damage);
    }
    status = r.cursor.failed ? HF_E_READ : recognised ? HF_OK : HF_E_FORMAT;
    hf__cursor_done(&r.cursor);
    return status;
}

/* Whatever is not a row stays, damaged lines too: they may mean something to a later version of the program. */
hf_status hf__text_begin(hf_format_writer *writer)
{
    const hf__text *text = writer->format->detail;
    text_reader r = {.text = text, .options = &writer->options};
    hf__line_kind kind;
    bool open = false; /* the last line has no LF */

    if (writer->rewrite.previous == NULL) {
        hf__writer_puts(writer, text->header);
        return HF_OK;
    }
    hf_status status = hf__cursor_init(&r.cursor, writer->rewrite.previous);
    while (status == HF_OK && next(&r, &kind)) {
        if (kind == HF__LINE_ROW && !hf__writer_keeps(writer, &r.row))
            continue;
        uint64_t end = r.line.end;
        open = !r.line.overlong && r.line.offset + r.line.text.length == end;
        status = hf__writer_copy(writer, r.line.offset, end);
    }
    if (r.cursor.failed)
        status = HF_E_READ;
    hf__cursor_done(&r.cursor);
    if (open)
        hf__writer_puts(writer, "\n");
    return status;
}

hf_status hf__text_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    const hf__text *text = writer->format->detail;
    char line[HF__LINE_MAX + 1];
    size_t max_rows = writer->format->max_rows;

    if (max_rows > 0 && writer->rows >= max_rows) {
        *losses |= HF_LOSS_FULL;
        return HF_OK;
    }
    size_t length = text->print(row, &writer->options, line, losses);
    hf__writer_put(writer, line, length);
    writer->rows += length > 0;
    return HF_OK;
}

hf_status hf__text_finish(hf_format_writer *writer)
{
    (void)writer;
    return HF_OK;
}

void hf__text_discard(hf_format_writer *writer)
{
    (void)writer;
}

bool hf__text_detect(const hf_format *format, hf_span head, uint64_t length)
{
    const hf__text *text = format->detail;
    size_t mark = text->mark != NULL ? strlen(text->mark) : 0;
    hf_row row = hf__row();
    hf_host host;
    hf_span line;
    const char *reason;
    size_t at = 0;

    (void)length;
    if (mark > 0 && head.length >= mark && memcmp(head.data, text->mark, mark) == 0)
        return true;
    while (!text->only_by_mark && hf__field(head, '\n', &at, &line)) {
        hf__line_kind kind = text->parse(without_cr(line), hf__options(NULL), &row, &host, &reason);
        if (kind != HF__LINE_OTHER)
            return kind == HF__LINE_ROW;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

hf_span hf__word(hf_span line, size_t *at)
{
    while (*at < line.length && is_blank(line.data[*at]))
        ++*at;
    size_t from = *at;
    while (*at < line.length && !is_blank(line.data[*at]))
        ++*at;
    return (hf_span){line.data + from, *at - from};
}

bool hf__field(hf_span line, char separator, size_t *at, hf_span *field)
{
    if (*at > line.length || line.length == 0)
        return false;
    const char *from = line.data + *at;
    const char *end = memchr(from, separator, line.length - *at);
    size_t length = end != NULL ? (size_t)(end - from) : line.length - *at;
    *field = (hf_span){from, length};
    *at += length + 1;
    return true;
}
