/*
 * The store from inside: what is open, and what its files share.
 */
#ifndef HF_STORE_STORE_H
#define HF_STORE_STORE_H

#include "holdfast/store.h"
#include "io.h"
#include "row.h"
#include "siphash.h"
#include "slots.h"

/* The file as far as it was read: the index in memory always says what the rows before `end` say. */
typedef struct hf__image {
    int file; /* -1: none */
    dev_t device;
    ino_t inode;
    hf__siphash_key key; /* of the hash by which names are found */
    hf__slots slots;
    uint64_t first;          /* where the rows begin */
    uint64_t indexed;        /* up to here the index of the file goes; what follows has been added since */
    uint64_t end;            /* up to here the rows are taken in */
    uint64_t reported_until; /* damage before this offset was reported already */
    bool needs_rewrite;      /* there was damage that goes away when the file is written anew */
} hf__image;

struct hf_store {
    const hf__io *io;
    hf_store_options options;
    char *path;       /* absolute, no symbolic links once the folder is open */
    const char *name; /* its last part */
    int folder;       /* -1: not there yet. All that is done to the file goes through it */
    hf__image image;
    hf_hosts *scratch;        /* a table for one entry, to which the engine applies the rules of noting */
    bool folder_synced;       /* durable: the file's name in the folder is known to be on the disk */
    uint64_t rewrite_backoff; /* octets that must have been added before writing anew is tried again */
};

/* As hf_store_open, on another operating system than POSIX's. */
hf_status hf__store_open(const hf_store_options *options, const hf__io *io, hf_store **store, hf_store_error *error);

/* -- error.c: puts the reason into *error (may be NULL) and returns `status`. `system` is an errno, or 0 */
hf_status hf__fail(hf_store_error *error, hf_status status, int system, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A call of the operating system failed with errno while doing `what` to `path`. */
hf_status hf__fail_system(hf_store_error *error, const char *what, const char *path);

/* -- locate.c: where the file lies, and whether it may be trusted */

/*
 * Opens the folder of the store's path, one component after another from the root, and makes those that are missing
 * unless read_only. Refuses a path on which others could put another folder in the place of ours. Not there, and
 * read_only: HF_OK, and the folder stays -1.
 */
hf_status hf__place_open(hf_store *store, hf_store_error *error);
/* Refuses a file that others own or may write to, or that is too long to be a store. */
hf_status hf__place_check_file(const hf_store *store, const struct stat *status, hf_store_error *error);

/* The longest file that is opened; what a store with that many entries can be. */
uint64_t hf__place_size_max(const hf_store *store);

/* -- lock.c */

typedef enum hf__lock_kind { HF__LOCK_READ, HF__LOCK_WRITE } hf__lock_kind;

/* Waits for the lock as long as options.lock_wait says: HF_E_STORE_LOCKED, with the process that holds it where that is
 * known. */
hf_status hf__lock(const hf_store *store, int file, hf__lock_kind kind, hf_store_error *error);
void hf__unlock(const hf_store *store, int file);

/* -- damage.c */

/* Tells the caller, and sets the file aside first if it is to be written anew. Once for each place. */
void hf__damage_tell(const hf_store *store, const hf__image *image, hf_damage_kind kind, uint64_t offset,
                     uint64_t length);

/* -- image.c */

enum { HF__HEADER = 64 }; /* octets; the index follows, then the rows */

void hf__image_init(hf__image *image);
void hf__image_done(hf__image *image, const hf__io *io);
void hf__image_write_header(const hf__image *image, uint64_t index_check, uint8_t out[HF__HEADER]);
/* The checksum of the index, over its octets as they stand in the file. */
uint64_t hf__image_check_index(const void *octets, size_t length);
/* Turns slots as they stand in the file into numbers of this machine, or back: on most machines there is nothing to do.
 */
void hf__image_swap_index(uint64_t *slots, size_t count);

uint32_t hf__image_hash(const hf__image *image, hf_span host, hf_span partition);
/* Where an entry was found. */
typedef struct hf__place {
    uint64_t *slot; /* NULL: nowhere */
    hf__row row;    /* its text is in `octets` */
    uint8_t octets[HF__ROW_MAX];
} hf__place;

/*
 * Looks for the entry. A row that is damaged is told, and is as if it were not there. HF_E_STORE_IO with errno if a row
 * could not be read, and whether the entry is there is not known.
 */
HF_MUST_USE hf_status hf__image_find(const hf_store *store, const hf__image *image, hf_span host, hf_span partition,
                                     hf__place *place);

/* True if this row, at this place, is what is known now: neither replaced nor forgotten further on. */
bool hf__image_is_current(const hf__image *image, const hf__row *row, uint64_t offset);

/* -- load.c */

/*
 * Opens the file that is there now, in place of the one that was open. Not there: HF_OK, and no file is open. On
 * failure the store is as before.
 */
hf_status hf__load(hf_store *store, hf_store_error *error);
/*
 * Takes in the rows up to `size`. Rows that are not sound may be just being written: they end it, with *unsettled true;
 * unless `settled` says that no writer is at work, for then they are damage, and what is behind them is taken in.
 */
hf_status hf__load_rows(const hf_store *store, hf__image *image, uint64_t size, bool settled, bool *unsettled,
                        hf_store_error *error);

/* The same, and what is unsettled is looked at again when no writer is at work. */
hf_status hf__load_news(const hf_store *store, hf__image *image, uint64_t size, hf_store_error *error);

/* -- write.c: between begin and end this process alone writes, and knows all that is in the file */
hf_status hf__write_begin(hf_store *store, hf_store_error *error);
void hf__write_end(hf_store *store);
/* Makes sure that what the file holds is on the disk, if it is to be durable. */
hf_status hf__write_settle(hf_store *store, hf_store_error *error);

/* -- rewrite.c */

/* Makes the file, empty, if it is not there. */
hf_status hf__rewrite_create(hf_store *store, hf_store_error *error);

/* Which entries stay out when the file is written anew. */
typedef struct hf__filter {
    bool (*drops)(void *self, const hf_entry *entry);
    void *self;
} hf__filter;

/* Writes the file anew. Within a change. `filter` may be NULL. Fails without any effect. */
hf_status hf__rewrite(hf_store *store, const hf__filter *filter, size_t *dropped, hf_store_error *error);

/* The same if it has grown long, or beyond the limit of entries. What was noted is safe already: if it fails, it is
 * tried again later. */
void hf__rewrite_if_due(hf_store *store, int64_t now);

/* -- evict.c */

/*
 * Writes the file anew without what expired by `now`, and without so many others that the limit is kept. *too_many
 * could not go, since they were set by hand.
 */
hf_status hf__evict(hf_store *store, size_t limit, int64_t now, size_t *too_many);

#endif
