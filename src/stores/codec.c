#include "stores/codec.h"

#define PROGRESS_STEP ((uint64_t)1 << 20) /* octets */

typedef struct reading {
    const stores_reader *reader;
    const hf_input *file;
    uint64_t told;
} reading;

static bool read_and_tell(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    reading *r = self;

    if (r->reader->progress != NULL && offset >= r->told + PROGRESS_STEP) {
        r->told = offset;
        r->reader->progress(r->reader->self, offset, r->file->length);
    }
    return r->file->read(r->file->self, offset, buffer, capacity, length);
}

bool stores_codec_read(const stores_store *store, const stores_file *file, const stores_reader *reader,
                       base_error *error)
{
    reading r = {reader, &file->input, 0};
    hf_input input = {read_and_tell, &r, file->input.length};
    hf_row_visitor visitor = {reader->row, reader->damage, reader->self};

    return stores_explain(store, hf_format_read(store->format, &input, reader->options, &visitor), error);
}

const hf_format *stores_codec_detect(const stores_file *file)
{
    return hf_format_detect(&file->input);
}
