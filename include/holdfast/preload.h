/*
 * holdfast/preload.h: the seam to a preload list (RFC 6797 12.3): hosts that are known before the first visit.
 *
 * hf_preload is an interface: a look-up function and the life of the list. hf_preload_from_image makes one from a
 * compiled image, which holds a browser's whole list in a few hundred KiB; hf_preload_from_table makes one from a
 * sorted table. The answer to a name is its most specific covering entry, as in Chromium: the name itself if it is
 * listed (with or without include_subdomains), else the nearest ancestor that is listed with include_subdomains.
 *
 * Thread rule: immutable once made; any number of threads may ask at once.
 */
#ifndef HOLDFAST_PRELOAD_H
#define HOLDFAST_PRELOAD_H

#include "holdfast/alloc.h"
#include "holdfast/host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The covering entry: the part of the host's name from `offset` to its end is the name listed. */
typedef struct hf_preload_match {
    size_t offset;
    bool include_subdomains;
} hf_preload_match;

/* Get one from hf_preload_init(), and have it filled in or do so. */
typedef struct hf_preload {
    size_t size;
    /* True, and *match set, if `host` (always of kind HF_HOST_NAME) is covered. No allocation, no state. */
    bool (*cover)(const void *self, const hf_host *host, hf_preload_match *match);
    const void *self;
    const char *source; /* what list this is, for people: "Chromium 2026-06-01"; may be NULL */
    int64_t list_time;  /* when the list was made; HF_TIME_UNKNOWN */
    int64_t life;       /* seconds after list_time during which it may enforce; HF_TIME_NEVER: for ever */
} hf_preload;

HF_DEFINE_INIT(hf_preload)

/* True if the list may no longer enforce at `now`: its stated life is over. Never for a life of HF_TIME_NEVER. */
HF_API bool hf_preload_is_stale(const hf_preload *preload, int64_t now);

/* -- A table ------------------------------------------------------------------------------------------------------- */

typedef struct hf_preload_entry {
    const char *name; /* canonical, NUL-terminated */
    bool include_subdomains;
} hf_preload_entry;

typedef struct hf_preload_table {
    const hf_preload_entry
        *entries; /* sorted by strcmp of name, no name twice; the caller's, and must outlive the table */
    size_t count;
} hf_preload_table;

/*
 * Fills in *preload for a table. `table` and its entries must outlive it. HF_E_ARGUMENT if *preload has no size, or the
 * entries are not sorted, or a name appears twice; looks at each once. `source` may be NULL; list_time and life as in
 * hf_preload.
 */
HF_API HF_MUST_USE hf_status hf_preload_from_table(const hf_preload_table *table, const char *source, int64_t list_time,
                                                   int64_t life, hf_preload *preload);

/* -- An image ------------------------------------------------------------------------------------------------------ */

/*
 * A list compiled into one block of octets, used in place: map the file, or compile the array in.
 * docs/formats/preload-image.md describes every octet; `holdfast preload compile` makes images.
 */
typedef struct hf_preload_image hf_preload_image;

/*
 * Opens an image of `length` octets. They stay the caller's, must outlive the image, and must not change meanwhile; any
 * alignment will do. Memory is taken once, here, some two fifths of the image's size; look-ups take none. `alloc` may
 * be NULL: malloc and free.
 *
 * The octets may come from anybody. Everything that a later call relies on is checked here, in one pass: no call reads
 * outside the octets or runs without end, whatever they say. What no check can see is whether the list is true: a
 * forged image may answer wrongly, and the checksum is there for accidents only.
 *
 * HF_E_ARGUMENT; HF_E_IMAGE if this is no image; HF_E_IMAGE_VERSION if a newer library is needed; HF_E_IMAGE_CUT if
 * there are fewer or more octets than the image says it has; HF_E_IMAGE_CHECKSUM; HF_E_IMAGE_CONTENT if a part breaks
 * the rules of the format; HF_E_MEMORY. Close it with hf_preload_close (NULL is allowed).
 */
HF_API HF_MUST_USE hf_status hf_preload_open(const void *bytes, size_t length, const hf_alloc *alloc,
                                             hf_preload_image **image);
HF_API void hf_preload_close(hf_preload_image *image);

/* The checksum that the octets of an image should state, for those who write images. 0 for fewer octets than every
 * image has. */
HF_API uint64_t hf_preload_checksum(const void *bytes, size_t length);

/* Fills in *preload, which asks `image`: it must stay open as long as *preload is used. To grant it another life,
 * change `life`. */
HF_API void hf_preload_from_image(const hf_preload_image *image, hf_preload *preload);

#define HF_PRELOAD_DIGEST_SIZE 32

/* Get one from hf_preload_info_init(). `source` points into the image. */
typedef struct hf_preload_info {
    size_t size;
    const char *source; /* as in hf_preload; never NULL, may be empty */
    int64_t list_time;
    int64_t life;
    size_t count;  /* names listed */
    size_t length; /* octets of the image */
    size_t memory; /* octets taken when it was opened */
    /*
     * The SHA-256 of the list as text, one line a name in ascending order of octets: name, tab, 1 or 0 for
     * include_subdomains, line feed. Two images of one list have one digest. As the compiler stated it: opening does
     * not verify it.
     */
    uint8_t digest[HF_PRELOAD_DIGEST_SIZE];
} hf_preload_info;

HF_DEFINE_INIT(hf_preload_info)

HF_API void hf_preload_describe(const hf_preload_image *image, hf_preload_info *info);

/* Where an enumeration stands. All zero is the beginning; copy it freely to come back. */
typedef struct hf_preload_cursor {
    uint64_t place[4];
} hf_preload_cursor;

/*
 * The next entry: writes its name with a NUL, and its flag; false at the end. The order is that of the image, always
 * the same but not alphabetical. A damaged image that passed the checks may end early; a sound one gives
 * hf_preload_info.count entries.
 */
HF_API bool hf_preload_next(const hf_preload_image *image, hf_preload_cursor *cursor, char name[HF_HOST_MAX + 1],
                            bool *include_subdomains);

#ifdef __cplusplus
}
#endif
#endif
