#include "writer.h"

#include "row.h"

#include <stdlib.h>

static void send(hf_format_writer *writer, const char *data, size_t length)
{
    writer->failed = writer->failed || !writer->output.write(writer->output.self, writer->at, data, length);
    writer->at += length;
}

void hf__writer_put(hf_format_writer *writer, const char *data, size_t length)
{
    if (length > HF__SINK_SIZE - writer->used && writer->used > 0) {
        send(writer, writer->buffer, writer->used);
        writer->used = 0;
    }
    if (length > HF__SINK_SIZE) {
        send(writer, data, length);
    } else if (length > 0) {
        memcpy(writer->buffer + writer->used, data, length);
        writer->used += length;
    }
}

void hf__writer_puts(hf_format_writer *writer, const char *text)
{
    hf__writer_put(writer, text, strlen(text));
}

hf_status hf__writer_copy(hf_format_writer *writer, uint64_t from, uint64_t to)
{
    const hf_input *input = writer->rewrite.previous;
    char piece[4096];

    while (from < to) {
        size_t want = to - from < sizeof piece ? (size_t)(to - from) : sizeof piece, got;
        if (!input->read(input->self, from, piece, want, &got) || got != want)
            return HF_E_READ;
        hf__writer_put(writer, piece, got);
        from += got;
    }
    return HF_OK;
}

hf_status hf__writer_flush(hf_format_writer *writer)
{
    if (writer->used > 0)
        send(writer, writer->buffer, writer->used);
    writer->used = 0;
    return writer->failed ? HF_E_WRITE : HF_OK;
}

bool hf__writer_keeps(hf_format_writer *writer, const hf_row *row)
{
    bool keeps = writer->rewrite.keep != NULL && writer->rewrite.keep(writer->rewrite.self, row);

    writer->rows += keeps;
    return keeps;
}

hf_status hf_format_writer_new(const hf_format *format, const hf_format_rewrite *rewrite,
                               const hf_format_options *options, const hf_output *output, hf_format_writer **writer)
{
    if (format == NULL || output == NULL || writer == NULL || !format->writes)
        return HF_E_ARGUMENT;
    if (rewrite != NULL && format->max_octets > 0 && rewrite->previous->length > format->max_octets)
        return HF_E_FORMAT_SIZE;
    hf_format_writer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return HF_E_MEMORY;
    made->format = format;
    made->options = *hf__options(options);
    made->output = *output;
    if (rewrite != NULL && rewrite->previous->length > 0)
        made->rewrite = *rewrite;
    hf_status status = format->begin(made);
    if (status == HF_OK)
        *writer = made;
    else
        hf_format_writer_free(made);
    return status;
}

hf_status hf_format_writer_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    const hf_format *format = writer->format;
    hf_losses lost = hf__row_losses(row, format->always_lost);
    hf_status status = HF_OK;

    if ((lost & HF_LOSSES_LEFT_OUT) == 0) {
        status = format->add(writer, row, &lost);
        if (status == HF_OK && writer->failed)
            status = HF_E_WRITE;
    }
    if (status == HF_OK && losses != NULL)
        *losses = lost;
    return status;
}

hf_status hf_format_writer_finish(hf_format_writer *writer)
{
    hf_status status = writer->format->finish(writer);

    return status == HF_OK ? hf__writer_flush(writer) : status;
}

void hf_format_writer_free(hf_format_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->state != NULL)
        writer->format->discard(writer);
    free(writer);
}
