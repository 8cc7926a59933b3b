/*
 * holdfast/store.h: the Known HSTS Hosts in a file that loses nothing (library libholdfast-store, POSIX).
 *
 * Many processes may use one file at once. A call that changes it returns HF_OK only when the change is in the file;
 * from then on it survives the death of any process at any instant, and with `durable` the loss of power too. A failed
 * call may or may not have taken effect, and takes nothing else with it. Readers never see half an entry, and wait for
 * a writer only to tell an entry that it is just writing from a damaged one. What is damaged is reported with its
 * place, and the rest is used. The format: docs/formats/known-hosts.md.
 *
 *     hf_store_options options = hf_store_options_init();
 *     options.path = path;
 *     if (hf_store_open(&options, &store, &error) != HF_OK)       // error.text says what, where and what to do
 *         ...
 *     hf_learned learned = hf_store_learned(store);               // what hf_decide asks
 *     hf_known known = {.preload = &list, .learned = &learned};
 *     status = hf_store_refresh(store, NULL, &error);             // before a decision: what did others note?
 *     status = hf_decide_url(&known, &url, partition, now, &verdict);
 *     status = hf_store_note_fields(store, &host, fields, count, &response, &noted, &error);
 *
 * There is no clock here: time is an argument. Expired entries never enforce; they go when hf_store_forget_expired is
 * called, or when the limit is reached.
 *
 * Thread rule: one store, one thread at a time for calls that take a plain `hf_store *`; any number of threads at once
 * for calls that take a `const hf_store *`, as long as no other call runs. Two stores may be open on one file in one
 * process. After fork() only one side may go on using a store; open another.
 */
#ifndef HOLDFAST_STORE_H
#define HOLDFAST_STORE_H

#include "holdfast/decide.h"
#include "holdfast/hosts.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hf_store hf_store;

/* -- What can go wrong --------------------------------------------------------------------------------------------- */

#define HF_STORE_TEXT_MAX 1024

/*
 * Why a call failed. `text` is one sentence without a full stop that names the file and what to do:
 * "/home/a/known-hosts may be written by others (mode 0666): chmod 600 it". It quotes the path as it is: escape it for
 * a terminal. Every call takes NULL instead.
 */
typedef struct hf_store_error {
    size_t size;
    hf_status status;
    int system; /* the errno behind it, or 0 */
    char text[HF_STORE_TEXT_MAX];
} hf_store_error;

HF_DEFINE_INIT(hf_store_error)

/* What is damaged: id, name, text. */
#define HF_DAMAGE_MAP(X)                                                                                               \
    X(EMPTY, "empty", "the file is empty: it is taken for a new store")                                                \
    X(HEADER, "header", "the header is damaged; the entries are found without it")                                     \
    X(INDEX, "index", "the index is damaged; it is made anew from the entries")                                        \
    X(ENTRIES, "entries", "entries are damaged and lost")                                                              \
    X(UNREADABLE, "unreadable", "the file system could not read entries; they may be there still")                     \
    X(UNFINISHED, "unfinished", "an entry was not written to its end; its writer was never told that it was kept")

typedef enum hf_damage_kind {
#define HF_X(symbol, name, text) HF_DAMAGE_##symbol,
    HF_DAMAGE_MAP(HF_X)
#undef HF_X
} hf_damage_kind;

HF_API const char *hf_damage_name(hf_damage_kind kind);
HF_API const char *hf_damage_text(hf_damage_kind kind);

/* One damaged place. */
typedef struct hf_damage {
    size_t size;
    hf_damage_kind kind;
    uint64_t offset, length; /* octets of the file */
    const char *path;        /* the file */
    const char *copy; /* where the damaged file was set aside; NULL when it was not: nothing to keep, or no right to */
} hf_damage;

HF_DEFINE_INIT(hf_damage)

/* How long a call waits for another process, unless the options say otherwise: milliseconds. */
#define HF_STORE_LOCK_WAIT_DEFAULT 10000

/* -- Opening ------------------------------------------------------------------------------------------------------- */

/* Get one from hf_store_options_init(), then set what you need. */
typedef struct hf_store_options {
    size_t size;
    const char *path;       /* the file; hf_store_default_path gives the usual one */
    bool read_only;         /* never writes, needs no right to, and takes a file that is not there for an empty one */
    bool durable;           /* a change is on the disk (fsync) before its call returns */
    bool enforce_localhost; /* as in hf_hosts_options */
    /*
     * The most entries, 0 for HF_HOSTS_LIMIT_DEFAULT. When there are a sixteenth more, the file is written anew without
     * those that expired; if that does not do, without those that a parent's includeSubDomains covers, the oldest
     * first; and if that does not do, of the site with the most entries the one noted longest ago goes, until the limit
     * is kept. A site is as in hf_hosts_options. What was set by hand (HF_SOURCE_USER) stays.
     */
    size_t limit;
    /* Told of each damaged place when it is met; may be NULL. Called from within hf_store_ calls, the look-ups
     * included. */
    void (*damaged)(void *self, const hf_damage *damage);
    void *self;
    /*
     * Milliseconds that a call waits at most for the lock that another process holds, 0 for HF_STORE_LOCK_WAIT_DEFAULT.
     * Then it fails with HF_E_STORE_LOCKED, and *error names the process where the system tells which it is. Writers
     * hold the lock for one change; readers only while they tell an unfinished entry from a damaged one.
     */
    uint32_t lock_wait;
    /*
     * An open folder below which the file lies, as a descriptor; 0: none. `path` counts from it, an absolute one too,
     * no symbolic link below it is followed, and what leads there is not examined. It stays the caller's. For programs
     * that manage the files of others: root, as the owner of a home, goes through no link that the owner made.
     */
    int folder;
} hf_store_options;

HF_DEFINE_INIT(hf_store_options)

/*
 * Opens the file, and unless read_only makes it (0600) and its folders (0700) when they are missing. Symbolic links are
 * followed here, once; each must belong to the user or root. Afterwards only the one folder is used that was opened,
 * wherever its path leads by then.
 *
 * Refused, each with the fix in *error:
 *   a file that others may write to, or that belongs to somebody else (readers accept root's);
 *   a path on which a folder belongs to neither this user nor root, or on which others may write to a folder that is
 * not sticky (as /tmp is): they could put another store in the place of ours. Others are all, and the folder's group
 * unless this process is of it. So root makes nothing in the home of a user, as under a sudo that keeps HOME; anything
 * but a regular file: a pipe or device is not waited for; a file longer than 64 MiB and 2 KiB for each entry of the
 * limit (or of the default, where that is more); a file that is no known-hosts file; one of a later version of the
 * format. A file that is damaged is opened: see `damaged`; and unless read_only, the damaged file is kept beside it
 * (PATH.damaged, PATH.damaged.2, ...) and the sound part is written anew.
 */
HF_API HF_MUST_USE hf_status hf_store_open(const hf_store_options *options, hf_store **store, hf_store_error *error);
HF_API void hf_store_close(hf_store *store); /* NULL is allowed. Nothing is waiting to be written */

/* The file's full name, symbolic links resolved. Lives as long as the store. */
HF_API const char *hf_store_path(const hf_store *store);

/*
 * The usual path: $XDG_DATA_HOME/holdfast/known-hosts, or $HOME/.local/share/... where the first is not set or not
 * absolute. Writes it with its NUL. HF_E_BUFFER; HF_E_STORE_NO_HOME when neither is set, or when the program has more
 * rights than its caller (set-user-ID), whose environment then counts for nothing.
 */
HF_API HF_MUST_USE hf_status hf_store_default_path(char *path, size_t size);

/*
 * Takes in what other processes changed: one fstatat when there is nothing. *changed (may be NULL) tells whether there
 * was. Failing changes nothing: the store goes on answering from what it knew.
 */
HF_API HF_MUST_USE hf_status hf_store_refresh(hf_store *store, bool *changed, hf_store_error *error);

/* -- Asking: from what is known since the last change or refresh, at most one read of the file for each entry that
 * matches  */

/* As hf_hosts_match and hf_hosts_get. The entry's host and partition point into the arguments. */
HF_API hf_match hf_store_match(const hf_store *store, const hf_host *host, hf_span partition, int64_t now,
                               hf_entry *entry);
HF_API bool hf_store_get(const hf_store *store, const hf_host *host, hf_span partition, hf_entry *entry);

/* The store as hf_decide asks it: for hf_known.learned. Lives as long as the store. */
HF_API hf_learned hf_store_learned(const hf_store *store);

HF_API size_t hf_store_count(const hf_store *store); /* all entries, live or not; constant time */

/*
 * Walks all entries, live or not, in the order in which they were noted or renewed, oldest first. The store may not
 * change, be refreshed or be closed on the way. hf_store_walk_next: false at the end; the entry lives until the next
 * call. hf_store_walk_status then says whether it was the end (HF_OK), or the file could be read no further
 * (HF_E_STORE_IO).
 */
typedef struct hf_store_walk hf_store_walk;
HF_API HF_MUST_USE hf_status hf_store_walk_new(const hf_store *store, hf_store_walk **walk);
HF_API HF_MUST_USE bool hf_store_walk_next(hf_store_walk *walk, hf_entry *entry);
HF_API HF_MUST_USE hf_status hf_store_walk_status(const hf_store_walk *walk);
HF_API void hf_store_walk_free(hf_store_walk *walk);

/* -- Changing: takes in what others changed first, so that nobody's notes are lost --------------------------------- */
/* All fail with HF_E_STORE_READ_ONLY on a store opened so, and with the HF_E_STORE_ codes of the file system. */

/* As hf_hosts_note and hf_hosts_note_fields, by the same rules. */
HF_API HF_MUST_USE hf_status hf_store_note(hf_store *store, const hf_host *host, const hf_policy *policy,
                                           const hf_response *response, hf_noted *noted, hf_store_error *error);
HF_API HF_MUST_USE hf_status hf_store_note_fields(hf_store *store, const hf_host *host, const hf_field *fields,
                                                  size_t count, const hf_response *response, hf_noted *noted,
                                                  hf_store_error *error);

/* As hf_hosts_put. `now` is used for eviction only. */
HF_API HF_MUST_USE hf_status hf_store_put(hf_store *store, const hf_entry *entry, int64_t now, hf_store_error *error);

/*
 * Puts many entries: as long as next() fills one in and returns true. *put (may be NULL) counts them. When it fails,
 * those already put may stay. Others wait meanwhile, so let next() not be slow.
 */
HF_API HF_MUST_USE hf_status hf_store_put_all(hf_store *store, bool (*next)(void *self, hf_entry *entry), void *self,
                                              int64_t now, size_t *put, hf_store_error *error);

/*
 * Forgetting lowers protection, on the user's word. All at once or not at all, and the names are gone from the file
 * too, though not from copies set aside. *gone (may be NULL) counts the entries. The ranges are those of
 * hf_hosts_forget_subtree and _between.
 */
HF_API HF_MUST_USE hf_status hf_store_forget(hf_store *store, const hf_host *host, hf_span partition, size_t *gone,
                                             hf_store_error *error);
HF_API HF_MUST_USE hf_status hf_store_forget_subtree(hf_store *store, const hf_host *host, size_t *gone,
                                                     hf_store_error *error);
HF_API HF_MUST_USE hf_status hf_store_forget_between(hf_store *store, int64_t from, int64_t to, size_t *gone,
                                                     hf_store_error *error);
HF_API HF_MUST_USE hf_status hf_store_forget_expired(hf_store *store, int64_t now, size_t *gone, hf_store_error *error);
HF_API HF_MUST_USE hf_status hf_store_clear(hf_store *store, size_t *gone, hf_store_error *error);
/*
 * Every entry that `drops` is true for, in one pass: of many hosts at once. It is asked more than once of an entry, and
 * must not use the store.
 */
HF_API HF_MUST_USE hf_status hf_store_forget_if(hf_store *store, bool (*drops)(void *self, const hf_entry *entry),
                                                void *self, size_t *gone, hf_store_error *error);

/*
 * Writes the file anew, without what was replaced, and looks at every entry on the way. It happens by itself when the
 * file has grown by a thirty-second part, and at least by half a mebibyte; nobody has to call this.
 */
HF_API HF_MUST_USE hf_status hf_store_compact(hf_store *store, hf_store_error *error);

#ifdef __cplusplus
}
#endif
#endif
