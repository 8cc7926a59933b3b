/*
 * The known-hosts file: whatever stands in it, it is opened or refused, and what is read from it is sound. The first
 * octet decides whether the rest is taken as it is, or gets right checksums first, so that what lies behind them is
 * reached.
 */
#include "store/store.h"

#include "store/octets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- A file that is a piece of memory ------------------------------------------------------------------------------ */

enum { FOLDER = 1000, FILE_HANDLE = 1001 };

static const uint8_t *content;
static size_t content_size;

static int memory_openat(int at, const char *name, int flags, ...)
{
    (void)at, (void)name;
    return (flags & O_DIRECTORY) != 0 ? FOLDER : FILE_HANDLE;
}

static int memory_close(int file)
{
    (void)file;
    return 0;
}

static ssize_t memory_pread(int file, void *out, size_t size, off_t offset)
{
    check(file == FILE_HANDLE && offset >= 0);
    if ((uint64_t)offset >= content_size)
        return 0;
    if (size > content_size - (size_t)offset)
        size = content_size - (size_t)offset;
    memcpy(out, content + offset, size);
    return (ssize_t)size;
}

static int memory_fstat(int file, struct stat *status)
{
    memset(status, 0, sizeof *status);
    status->st_uid = geteuid();
    status->st_mode = file == FOLDER ? S_IFDIR | S_IRWXU : S_IFREG | S_IRUSR | S_IWUSR;
    status->st_ino = (ino_t)file;
    status->st_size = (off_t)content_size;
    return 0;
}

static int memory_fstatat(int at, const char *name, struct stat *status, int flags)
{
    (void)at, (void)name, (void)flags;
    return memory_fstat(FILE_HANDLE, status);
}

static int memory_flock(int file, int operation)
{
    (void)file, (void)operation;
    return 0;
}

static ssize_t memory_readlinkat(int at, const char *name, char *out, size_t size)
{
    (void)at, (void)name, (void)out, (void)size;
    errno = EINVAL;
    return -1;
}

static const hf__io memory_io = {
    .openat = memory_openat,
    .close = memory_close,
    .pread = memory_pread,
    .flock = memory_flock,
    .fstat = memory_fstat,
    .fstatat = memory_fstatat,
    .readlinkat = memory_readlinkat,
};

/* -- Checksums ----------------------------------------------------------------------------------------------------- */

static void mend(uint8_t *octets, size_t size)
{
    const hf__siphash_key head_key = {UINT64_C(0x7372656461654820), UINT64_C(0x7365636964656e49)};

    if (size < HF__HEADER)
        return;
    uint64_t capacity = hf__get64(octets + 32), rows = HF__HEADER;
    if (capacity <= (size - HF__HEADER) / 8) {
        rows += capacity * 8;
        hf__put64(octets + 48, hf__siphash(head_key, octets + HF__HEADER, (size_t)capacity * 8));
    }
    for (size_t length, at = (size_t)rows; at < size; at += length) {
        length = hf__row_claim(octets + at, size - at);
        if (length > 0 && length <= size - at)
            hf__put64(octets + at,
                      hf__siphash((hf__siphash_key){UINT64_C(0x74736166646c6f48), at}, octets + at + 8, length - 8));
        else
            length = 8;
    }
    hf__put64(octets + 56, hf__siphash(head_key, octets, 56));
}

/* -- What is asked ------------------------------------------------------------------------------------------------- */

static void check_damage(void *self, const hf_damage *damage)
{
    (void)self;
    check(damage->copy == NULL && damage->path != NULL && hf_damage_name(damage->kind)[0] != '?');
    check(damage->offset <= content_size + 8 && damage->length <= content_size + HF__ROW_HEAD);
}

/* What is walked over can be asked for, by a name that is canonical or at least looks so. */
static void check_entry(const hf_store *store, const hf_entry *entry)
{
    hf_host host = {.kind = HF_HOST_NAME, .length = entry->host.length};
    hf_entry again = hf_entry_init();

    check(entry->host.length > 0 && entry->host.length <= HF_HOST_MAX && entry->partition.length <= HF_PARTITION_MAX);
    memcpy(host.name, entry->host.data, entry->host.length);
    host.name[host.length] = '\0';
    check(strlen(host.name) == host.length);
    check(hf_store_get(store, &host, entry->partition, &again));
    hf_store_match(store, &host, entry->partition, 0, &again);
}

static void ask(hf_store *store)
{
    hf_store_walk *walk;
    hf_entry entry = hf_entry_init();

    check(hf_store_walk_new(store, &walk) == HF_OK);
    while (hf_store_walk_next(walk, &entry))
        check_entry(store, &entry);
    check(hf_store_walk_status(walk) == HF_OK);
    hf_store_walk_free(walk);
    check(hf_store_refresh(store, NULL, NULL) == HF_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_store *store;
    hf_store_options options = hf_store_options_init();
    hf_store_error error = hf_store_error_init();

    if (size == 0)
        return 0;
    uint8_t *octets = malloc(size);
    check(octets != NULL);
    memcpy(octets, data + 1, size - 1);
    if (data[0] % 2 == 1)
        mend(octets, size - 1);
    content = octets;
    content_size = size - 1;
    options.path = "/known-hosts";
    options.read_only = true;
    options.damaged = check_damage;
    if (hf__store_open(&options, &memory_io, &store, &error) == HF_OK) {
        ask(store);
        hf_store_close(store);
    } else {
        check(error.status == HF_E_STORE_FOREIGN || error.status == HF_E_STORE_VERSION);
    }
    free(octets);
    return 0;
}
