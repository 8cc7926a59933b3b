/*
 * holdfast/formats.h: the HSTS stores of other programs, read and written (libholdfast-formats).
 *
 * A format turns octets into rows and rows into octets. It opens no file and has no clock: the octets come and go
 * through two small interfaces (hf_input, hf_output), for which memory will do. Rows pass one at a time, so that a
 * store of a million hosts needs no more memory than one of ten; only Safari's property list and Firefox's 2,048 slots
 * are held whole.
 *
 * A damaged row never hides the sound ones: it is reported with its place and its reason, and reading goes on where
 * that is possible. What a format cannot hold is told row by row when writing (hf_losses), never dropped in silence.
 *
 * Everything in a store is hostile until checked. Names are canonical (hf_host_parse) or the row is damaged.
 * Thread rule: pure; different inputs, outputs and writers may be used by different threads at once.
 */
#ifndef HOLDFAST_FORMATS_H
#define HOLDFAST_FORMATS_H

#include "holdfast/hosts.h"

#ifdef __cplusplus
extern "C" {
#endif

/* -- Rows ---------------------------------------------------------------------------------------------------------- */

/* A point in time: seconds since 1970 rounded down, and 0 to 999,999,999 nanoseconds more. */
typedef struct hf_moment {
    int64_t seconds; /* or HF_TIME_NEVER, or HF_TIME_UNKNOWN */
    int32_t nanoseconds;
} hf_moment;

/* What a row says about its host: symbol, name. Only "set" enforces. */
#define HF_ROW_STATE_MAP(X)                                                                                            \
    X(SET, "set")                                                                                                      \
    X(UNSET, "unset")       /* Chromium's mode "default", Firefox's state 0 */                                         \
    X(KNOCKOUT, "knockout") /* Firefox: a preloaded host that sent max-age=0 */                                        \
    X(NEGATIVE, "negative") /* old Firefox and Safari: asked, and has no HSTS */                                       \
    X(HPKP, "hpkp")         /* old Firefox: key pins, no HSTS at all */

typedef enum hf_row_state {
#define HF_X(symbol, name) HF_ROW_##symbol,
    HF_ROW_STATE_MAP(HF_X)
#undef HF_X
} hf_row_state;

HF_API const char *hf_row_state_name(hf_row_state state);

#define HF_OFFSET_NONE UINT64_MAX

/* Everything that any format keeps. Spans point into the reader and live until the callback returns. */
typedef struct hf_row {
    size_t size;
    hf_span host;      /* canonical; empty when the store keeps only a hash, and nobody knows of what */
    hf_span host_hash; /* the hash as the store writes it (Chromium: base64, 44 octets); empty for other formats */
    hf_span partition; /* the suffix of Firefox's key with its '^', or the name of Safari's session; empty for none */
    hf_moment expires;
    hf_moment observed;
    int64_t max_age; /* as kept by the store; HF_TIME_UNKNOWN */
    hf_row_state state;
    bool include_subdomains;
    uint16_t port;     /* 0: every port, also when the store spells it 80 or 443 */
    uint16_t score;    /* Firefox: days on which the row was used; 0 elsewhere */
    uint16_t last_day; /* Firefox: the day of the last use since 1970; 0 elsewhere */
    uint64_t offset; /* of the row in the store; HF_OFFSET_NONE where octets have no meaning (SQLite, property lists) */
    uint64_t line;   /* from 1; of a database the row's id; 0 where there are no lines */
    hf_span raw; /* the row as it stands, any octets; empty when it has no text of its own or is longer than 32 KiB */
} hf_row;

HF_DEFINE_INIT(hf_row)

/* What could not be understood. The offset and the line are as in hf_row. `reason` is a constant. */
typedef struct hf_row_damage {
    uint64_t offset;
    uint64_t line;
    const char *reason;
} hf_row_damage;

typedef struct hf_row_visitor {
    /* False ends the reading, which then succeeds. */
    bool (*row)(void *self, const hf_row *row);
    /* May be NULL. */
    void (*damage)(void *self, const hf_row_damage *damage);
    void *self;
} hf_row_visitor;

/* True when the row's time is over at `now`: its last second has passed. */
HF_API bool hf_row_is_expired(const hf_row *row, int64_t now);

/*
 * The row as an entry for hf_hosts, with the spans of the row. False for what no table of hosts can hold: a hash
 * without a name, an IP address, a pin (HF_ROW_HPKP). The port is left out: a policy covers every port of its host (RFC
 * 6797 8.3).
 */
HF_API bool hf_row_to_entry(const hf_row *row, hf_entry *entry);

/* The reverse; never fails. */
HF_API void hf_row_from_entry(const hf_entry *entry, hf_row *row);

/* -- Octets in and out --------------------------------------------------------------------------------------------- */

typedef struct hf_input {
    /* Reads up to `capacity` octets from `offset`; *length is less only at the end. False: the octets cannot be had. */
    bool (*read)(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length);
    void *self;
    uint64_t length; /* all octets */
} hf_input;

typedef struct hf_output {
    /* Writes at `offset`, which is at most the present length. */
    bool (*write)(void *self, uint64_t offset, const char *data, size_t length);
    /* Reads back what was written, as hf_input does; only libsoup's format needs this and the next. */
    bool (*read)(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length);
    bool (*truncate)(void *self, uint64_t length);
    void *self;
} hf_output;

/* Octets in memory as an input. *octets must outlive it. */
HF_API hf_input hf_input_from(const hf_span *octets);

/* Octets that grow as they are written. Begin with one that is all 0; free with hf_octets_done. */
typedef struct hf_octets {
    char *data;
    size_t length, capacity;
} hf_octets;

HF_API hf_output hf_output_to(hf_octets *octets);
HF_API void hf_octets_done(hf_octets *octets);

/* -- Formats ------------------------------------------------------------------------------------------------------- */

/* What the caller knows and a format does not. Every function may be NULL; `self` is passed to each. */
typedef struct hf_format_options {
    size_t size;
    const hf_idna *idna; /* reads names outside ASCII (libsoup) */
    /* The name whose hash this is (Chromium), see hf_names. */
    bool (*resolve)(void *self, const unsigned char hash[32], hf_host *host);
    /* A canonical name in Unicode, UTF-8 (libsoup keeps it so). NULL or false: a name with A-labels is left out. */
    bool (*to_unicode)(void *self, hf_span name, char *out, size_t capacity, size_t *length);
    /* The registrable domain of a host: Firefox keeps each host under the site that was visited. NULL or false: no
     * partition. */
    bool (*site)(void *self, hf_span name, hf_host *site);
    void *self;
    int64_t now; /* writing: stands in where the format needs a time of observation and nobody kept one */
} hf_format_options;

HF_DEFINE_INIT(hf_format_options)

/* What a target format makes of a row: symbol, bit, name, text. One that leaves the row out has a bit above 15. */
#define HF_LOSS_MAP(X)                                                                                                 \
    X(NAME, 0, "name", "only a hash of the name is kept")                                                              \
    X(PORT, 1, "port", "the port is not kept: the policy covers every port")                                           \
    X(OBSERVED, 2, "observed", "the time of observation is not kept")                                                  \
    X(MAX_AGE, 3, "max-age", "max-age is not kept, only when it ends")                                                 \
    X(FRACTION, 4, "fraction", "fractions of a second are cut off")                                                    \
    X(EXPIRES, 5, "expires", "ends later than the format can say: the latest time that it can say was written")        \
    X(PARTITION, 6, "partition", "the partition is not kept: the policy covers all")                                   \
    X(OBSERVED_INVENTED, 7, "observed-invented", "the format needs a time of observation and none was kept")           \
    X(NO_NAME, 16, "no-name", "left out: only a hash of the name is known")                                            \
    X(STATE, 17, "state", "left out: the format knows enforced hosts only")                                            \
    X(HOST, 18, "host", "left out: the name does not fit")                                                             \
    X(FULL, 19, "full", "left out: the format holds no more rows")

typedef enum hf_loss {
#define HF_X(symbol, bit, name, text) HF_LOSS_##symbol = 1 << bit,
    HF_LOSS_MAP(HF_X)
#undef HF_X
} hf_loss;

/* A set of hf_loss. */
typedef uint32_t hf_losses;
#define HF_LOSSES_LEFT_OUT 0xffff0000u /* any of these: the row was not written */

HF_API const char *hf_loss_name(hf_loss loss);
HF_API const char *hf_loss_text(hf_loss loss);

typedef struct hf_format_writer hf_format_writer;

/* One format. Call it through the functions below. */
typedef struct hf_format {
    const char *name;        /* "chromium" */
    const char *description; /* for people */
    size_t max_rows;         /* 0: no limit */
    uint64_t max_octets;     /* a longer store is refused; 0: no limit */
    bool writes;             /* false: it can only be read */
    bool widens;             /* of several rows of one host the subdomains of all are covered */
    hf_losses always_lost;   /* what no row of this format keeps */
    bool (*detect)(const struct hf_format *format, hf_span head, uint64_t length);
    hf_status (*read)(const struct hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor);
    hf_status (*begin)(hf_format_writer *writer);
    hf_status (*add)(hf_format_writer *writer, const hf_row *row, hf_losses *losses);
    hf_status (*finish)(hf_format_writer *writer);
    void (*discard)(hf_format_writer *writer);
    const void *detail; /* what formats that share these functions differ in */
} hf_format;

/* All formats, ended by NULL. */
HF_API const hf_format *const *hf_formats(void);
/* NULL when there is none of that name. */
HF_API const hf_format *hf_format_find(const char *name);
/* The format that these octets look like, by their first 4 KiB; NULL. */
HF_API const hf_format *hf_format_detect(const hf_input *input);

/*
 * Reads all rows in the order of the store. What is wrong with a row or behind the sound part is reported to the
 * visitor. `options` may be NULL. Fails with HF_E_READ, HF_E_MEMORY, HF_E_FORMAT_SIZE, or HF_E_FORMAT when nothing of
 * the format was found; then too the damage has been reported.
 */
HF_API HF_MUST_USE hf_status hf_format_read(const hf_format *format, const hf_input *input,
                                            const hf_format_options *options, const hf_row_visitor *visitor);

/*
 * Reads into a table of known hosts what is in force at `now`, as the program that owns the store would: expired rows
 * are left out, other states than "set" are kept with their state, and of several rows of one host the one noted last
 * wins (of curl's the one that ends last, with the subdomains of all). *count (may be NULL) becomes the rows put in;
 * damage goes to `visitor`, whose `row` (may be NULL, as may be `visitor`) sees every row.
 */
HF_API HF_MUST_USE hf_status hf_format_load(const hf_format *format, const hf_input *input,
                                            const hf_format_options *options, int64_t now,
                                            const hf_row_visitor *visitor, hf_hosts *hosts, size_t *count);

/* -- Writing ------------------------------------------------------------------------------------------------------- */

/* What to keep of a store that exists already. */
typedef struct hf_format_rewrite {
    const hf_input *previous;
    /* Asked for each row of `previous`; NULL: every row goes. A row that is kept stays as it is, octet for octet. */
    bool (*keep)(void *self, const hf_row *row);
    void *self;
} hf_format_rewrite;

/*
 * Begins a store. Without `rewrite` (NULL) a new one; with it, what is not a row stays as it is: comments, damaged
 * lines, unknown keys, other tables and pragmas. An empty previous store is a new one. `options` may be NULL. All that
 * is passed must outlive the writer, except the structs. HF_E_FORMAT: the previous store is damaged or of a version
 * that its program does not read, so that it cannot be kept.
 */
HF_API HF_MUST_USE hf_status hf_format_writer_new(const hf_format *format, const hf_format_rewrite *rewrite,
                                                  const hf_format_options *options, const hf_output *output,
                                                  hf_format_writer **writer);

/* Appends a row. *losses (may be NULL) tells what did not come along; a row left out is no failure. `offset`, `line`,
 * `raw` are ignored. */
HF_API HF_MUST_USE hf_status hf_format_writer_add(hf_format_writer *writer, const hf_row *row, hf_losses *losses);

/* Completes the store; nothing is valid before. */
HF_API HF_MUST_USE hf_status hf_format_writer_finish(hf_format_writer *writer);

/* NULL is allowed. */
HF_API void hf_format_writer_free(hf_format_writer *writer);

/* -- Chromium's names ---------------------------------------------------------------------------------------------- */

/* SHA-256 over the DNS wire form of a canonical name: each label behind its length, and a zero octet at the end. */
HF_API void hf_name_hash(hf_span name, unsigned char hash[32]);

/* Names at hand, by their hash: 9 octets a name and the name; 4 GiB of names at most. */
typedef struct hf_names hf_names;

HF_API HF_MUST_USE hf_status hf_names_new(hf_names **names);
HF_API void hf_names_free(hf_names *names);
HF_API HF_MUST_USE hf_status hf_names_add(hf_names *names, hf_span name);
/* For hf_format_options.resolve, with the list as `self`. The first call after an addition sorts: that one is not for
 * threads. */
HF_API bool hf_names_resolve(void *list, const unsigned char hash[32], hf_host *host);

#ifdef __cplusplus
}
#endif
#endif
