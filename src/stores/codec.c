/*
 * The codec runs in a child, which has the open file and nothing else: a fault of it, or of a library that it uses, is
 * the child's. Names of hashes are looked up here, for there is much to look them up in, and it is found once.
 */
#include "stores/codec.h"

#include "base/child.h"
#include "stores/row_frame.h"

#include <string.h>

#define PROGRESS_STEP ((uint64_t)1 << 20) /* octets */
#define HEAD 4096                         /* octets by which a kind shows itself */
#define DRAIN 32768                       /* octets that are answered at once */
#define MEMORY ((uint64_t)1 << 30)        /* octets: a whole property list, and a database's pages */
#define SECONDS 10                        /* of processor time, and one for each MiB of the file */

/* Answers of the child: that it is another kind (the reason); a row, a damaged place; how much was read (uint64_t); the
 * end, with an hf_status (int32_t); the number of a format (int32_t). */
enum { ROW, DAMAGE, PROGRESS, END, FORMAT, OTHER };

/* -- In the child -------------------------------------------------------------------------------------------------- */

typedef struct answering {
    const stores_store *store;
    const hf_input *file;
    const hf_format_options *options; /* NULL: none */
    int fd;
    base_buffer out;
    uint64_t told;
    bool has_hash; /* of the row to come */
    unsigned char hash[STORES_HASH_SIZE];
} answering;

static void drain(answering *a, size_t most)
{
    if (a->out.length >= most || a->out.failed)
        base_child_answer(a->fd, &a->out);
}

static bool read_and_tell(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    answering *a = self;

    if (offset >= a->told + PROGRESS_STEP) {
        a->told = offset;
        base_frame_put(&a->out, PROGRESS, 0, &offset, sizeof offset);
        drain(a, 0);
    }
    return a->file->read(a->file->self, offset, buffer, capacity, length);
}

static bool keep_hash(void *self, const unsigned char hash[STORES_HASH_SIZE], hf_host *host)
{
    answering *a = self;

    (void)host;
    a->has_hash = true;
    memcpy(a->hash, hash, sizeof a->hash);
    return false;
}

static bool answer_row(void *self, const hf_row *row)
{
    answering *a = self;

    stores_row_put(&a->out, ROW, row, a->has_hash ? a->hash : NULL);
    a->has_hash = false;
    drain(a, DRAIN);
    return true;
}

static void answer_damage(void *self, const hf_row_damage *damage)
{
    answering *a = self;

    stores_damage_put(&a->out, DAMAGE, damage);
    drain(a, DRAIN);
}

/* wget and wget2 read each other's files, and what has lost its first line looks like either. */
static bool is_same_family(const hf_format *a, const hf_format *b)
{
    return a == b || (strncmp(a->name, "wget", 4) == 0 && strncmp(b->name, "wget", 4) == 0);
}

void stores_codec_tell_other(const char *path, const hf_format *found, base_error *error)
{
    base_error_set(error, "%s is a store of kind %s: write %s:%s", BASE_CUT(path), found->name, found->name,
                   BASE_CUT(path));
}

bool stores_codec_is_other(const stores_store *store, const hf_input *file, base_error *error)
{
    const hf_format *found = hf_format_detect(file);
    char head[HEAD];
    size_t length;

    if (found == NULL || is_same_family(found, store->format) ||
        !file->read(file->self, 0, head, sizeof head, &length) ||
        store->format->detect(store->format, (hf_span){head, length}, file->length))
        return false;
    stores_codec_tell_other(store->path, found, error);
    return true;
}

static void answer_rows(void *self, int fd)
{
    answering *a = self;
    const hf_input input = {read_and_tell, a, a->file->length};
    const hf_row_visitor visitor = {answer_row, answer_damage, a};
    hf_format_options options = hf_format_options_init();
    base_error other;
    int32_t status;

    a->fd = fd;
    base_buffer_init(&a->out, BASE_CHILD_FRAME_MAX);
    if (stores_codec_is_other(a->store, a->file, &other)) {
        base_frame_put(&a->out, OTHER, 0, other.text, strlen(other.text));
        drain(a, 0);
        return;
    }
    if (a->options != NULL)
        options.idna = a->options->idna;
    options.resolve = keep_hash;
    options.self = a;
    status = (int32_t)hf_format_read(a->store->format, &input, &options, &visitor);
    base_frame_put(&a->out, END, 0, &status, sizeof status);
    drain(a, 0);
}

static void answer_format(void *self, int fd)
{
    answering *a = self;
    const hf_format *format = hf_format_detect(a->file);
    int32_t number = 0;

    while (hf_formats()[number] != NULL && hf_formats()[number] != format)
        number++;
    base_buffer_init(&a->out, BASE_CHILD_FRAME_MAX);
    base_frame_put(&a->out, FORMAT, 0, &number, sizeof number);
    base_child_answer(fd, &a->out);
}

/* -- In the parent ------------------------------------------------------------------------------------------------- */

typedef struct reading {
    const stores_store *store;
    const stores_file *file;
    const stores_reader *reader;
    bool is_over;
    hf_status status;
    base_error other; /* why it is another kind; empty: it is not */
} reading;

base_sandbox stores_codec_sandbox(uint64_t octets)
{
    return (base_sandbox){
        .profile = BASE_SANDBOX_READER, .seconds = SECONDS + (unsigned)(octets >> 20), .memory = MEMORY};
}

static base_child_plan plan_of(const stores_file *file, void (*work)(void *self, int fd), answering *a)
{
    return (base_child_plan){.sandbox = stores_codec_sandbox(file->input.length),
                             .kept = {file->fd},
                             .kept_count = 1,
                             .work = work,
                             .self = a};
}

static bool take_row(reading *r, const char *body, size_t length)
{
    const hf_format_options *options = r->reader->options;
    const unsigned char *hash;
    hf_host host;
    hf_row row;

    if (!stores_row_take(body, length, &row, &hash))
        return false;
    if (hash != NULL && options != NULL && options->resolve != NULL && options->resolve(options->self, hash, &host))
        row.host = (hf_span){host.name, host.length};
    r->is_over = !r->reader->row(r->reader->self, &row);
    return true;
}

static bool take_damage(const reading *r, const char *body, size_t length)
{
    char reason[STORES_REASON_MAX];
    hf_row_damage damage;

    if (!stores_damage_take(body, length, reason, &damage))
        return false;
    if (r->reader->damage != NULL)
        r->reader->damage(r->reader->self, &damage);
    return true;
}

static bool take_progress(const reading *r, const char *body)
{
    uint64_t done;

    memcpy(&done, body, sizeof done);
    if (r->reader->progress != NULL)
        r->reader->progress(r->reader->self, done, r->file->input.length);
    return true;
}

static bool take_end(reading *r, const char *body)
{
    int32_t status;

    memcpy(&status, body, sizeof status);
    r->status = (hf_status)status;
    r->is_over = true;
    return true;
}

static bool take_other(reading *r, const char *body, size_t length)
{
    base_error_set(&r->other, "%.*s", (int)length, body);
    r->is_over = true;
    return length < BASE_ERROR_MAX;
}

/* False: that is no answer. */
static bool take(reading *r, const base_frame *frame, const char *body)
{
    switch (frame->kind) {
    case ROW:
        return take_row(r, body, (size_t)frame->length);
    case DAMAGE:
        return take_damage(r, body, (size_t)frame->length);
    case PROGRESS:
        return frame->length == sizeof(uint64_t) && take_progress(r, body);
    case END:
        return frame->length == sizeof(int32_t) && take_end(r, body);
    case OTHER:
        return take_other(r, body, (size_t)frame->length);
    default:
        return false;
    }
}

static bool hear(reading *r, base_child *child, base_error *error)
{
    base_frame frame;
    const char *body;

    while (!r->is_over) {
        if (!base_child_next(child, &frame, &body, error))
            return false;
        if (take(r, &frame, body))
            continue;
        base_error_set(error, "the child process answers what is in no store");
        return false;
    }
    return true;
}

bool stores_codec_read(const stores_store *store, const stores_file *file, const stores_reader *reader,
                       base_error *error)
{
    answering a = {.store = store, .file = &file->input, .options = reader->options};
    const base_child_plan plan = plan_of(file, answer_rows, &a);
    reading r = {.store = store, .file = file, .reader = reader, .status = HF_OK};
    base_child child;
    bool is_heard = base_child_start(&child, &plan, error);

    if (is_heard) {
        is_heard = hear(&r, &child, error);
        base_child_end(&child);
    }
    if (is_heard && r.other.text[0] != '\0') {
        *error = r.other;
        return false;
    }
    if (is_heard)
        return stores_explain(store, r.status, error);
    base_error_wrap(error, "cannot read %s", BASE_CUT(store->path));
    return false;
}

const hf_format *stores_codec_detect(const stores_file *file)
{
    answering a = {.file = &file->input};
    const base_child_plan plan = plan_of(file, answer_format, &a);
    const hf_format *found = NULL;
    base_child child;
    base_frame frame;
    const char *body;
    int32_t number;

    if (!base_child_start(&child, &plan, NULL))
        return NULL;
    if (base_child_next(&child, &frame, &body, NULL) && frame.kind == FORMAT && frame.length == sizeof number) {
        memcpy(&number, body, sizeof number);
        for (int32_t i = 0; hf_formats()[i] != NULL && i <= number; i++)
            found = i == number ? hf_formats()[i] : NULL;
    }
    base_child_end(&child);
    return found;
}
