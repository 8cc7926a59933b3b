/*
 * libsoup's SQLite database (GNOME Web and WebKitGTK keep one too): one table, names in Unicode, whole seconds. The
 * database is changed in place in the new octets, so that every other table, row and pragma stays.
 *
 * A database is a program as much as a table: a generated column, a default, a check or an index over an expression is
 * code that runs when the table is read or written, and no count of steps sees what one call of a function takes. So a
 * database whose schema could make SQLite compute anything is refused before the first query on it.
 */
#include "formats.h"
#include "row.h"
#include "vfs.h"
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

#define RAW_MAX 1024
#define NAME_MAX_OCTETS 1024 /* of a name in UTF-8 */
#define ROW_MAX 4096
#define CREATE                                                                                                         \
    "CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry INTEGER, "     \
    "include_subdomains INTEGER)"
#define TABLE "soup_hsts_policies"
#define SCHEMA "SELECT name, sql FROM sqlite_master"
#define COLUMNS "PRAGMA table_xinfo(" TABLE ")"
#define HIDDEN 6 /* the column of that pragma: not 0 for a generated column, or one of a virtual table */
#define CHECK "PRAGMA integrity_check(" TABLE ")"
#define SELECT "SELECT rowid, host, max_age, expiry, include_subdomains FROM soup_hsts_policies ORDER BY rowid"
#define INSERT                                                                                                         \
    "INSERT INTO soup_hsts_policies(host, max_age, expiry, include_subdomains) VALUES(?1, ?2, ?3, ?4) "                \
    "ON CONFLICT(host) DO UPDATE SET max_age=?2, expiry=?3, include_subdomains=?4"
#define DELETE "DELETE FROM soup_hsts_policies WHERE rowid=?1"

typedef struct columns {
    hf_host host;
    char raw[RAW_MAX];
} columns;

/* A page that is its own descendant makes a table without end; a table of this file has no more steps than that. */
#define STEPS 1000

/* How much of the file is left to be worked through: steps of SQLite, and octets of text, for many rows may share one
 * long text. */
typedef struct budget {
    uint64_t steps, text;
} budget;

static int spend(void *self)
{
    budget *b = self;

    if (b->steps == 0)
        return 1;
    b->steps--;
    return 0;
}

/* The budget begins anew: for each thing that is done with the whole file once. */
static void limit_steps(hf__vfs *vfs, budget *b)
{
    b->steps = 1000 + vfs->length / (STEPS / 8);
    b->text = vfs->length;
    sqlite3_progress_handler(vfs->db, STEPS, spend, b);
}

/* The next row of SELECT, or why there is none. */
static int next_row(sqlite3_stmt *statement, budget *b)
{
    int code = sqlite3_step(statement);

    if (code != SQLITE_ROW)
        return code;
    uint64_t length = (uint64_t)sqlite3_column_bytes(statement, 1);
    if (length > b->text)
        return SQLITE_INTERRUPT;
    b->text -= length;
    return SQLITE_ROW;
}

static hf_status prepare(hf__vfs *vfs, const char *sql, sqlite3_stmt **statement)
{
    int code = sqlite3_prepare_v2(vfs->db, sql, -1, statement, NULL);

    if (vfs->failed)
        return HF_E_READ;
    return code == SQLITE_OK ? HF_OK : code == SQLITE_NOMEM ? HF_E_MEMORY : HF_E_FORMAT;
}

static hf_span text_at(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return (hf_span){(const char *)text, text != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

/*
 * The text of a table without anything to compute: what a column is generated from, a check, and a default that is more
 * than a literal stand in parentheses of their own. Views, triggers, virtual tables and indexes that somebody made
 * begin with other words; what the other columns of the schema say of an object is not what SQLite goes by.
 */
static bool is_plain(hf_span sql)
{
    static const char begin[] = "CREATE TABLE ";
    size_t parentheses = 0;

    for (size_t i = 0; i < sql.length; i++)
        parentheses += sql.data[i] == '(' || sql.data[i] == ')';
    return parentheses == 2 && sql.length > sizeof begin && memcmp(sql.data, begin, sizeof begin - 1) == 0;
}

/* An index that a UNIQUE column brings with it has no text. */
static hf_status check_schema(hf__vfs *vfs)
{
    sqlite3_stmt *statement = NULL;
    hf_status status = prepare(vfs, SCHEMA, &statement);
    bool found = false, plain = true;
    int code = SQLITE_DONE;

    while (status == HF_OK && plain && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        hf_span name = text_at(statement, 0), sql = text_at(statement, 1);
        plain = sqlite3_column_type(statement, 1) == SQLITE_NULL || is_plain(sql);
        found = found || (name.length == strlen(TABLE) && memcmp(name.data, TABLE, name.length) == 0 && sql.length > 0);
    }
    sqlite3_finalize(statement);
    if (status == HF_OK && vfs->failed)
        return HF_E_READ;
    return status == HF_OK && (!plain || !found || code != SQLITE_DONE) ? HF_E_FORMAT : status;
}

/* A second opinion, SQLite's own: no column is hidden, as generated ones are. */
static hf_status check_columns(hf__vfs *vfs)
{
    sqlite3_stmt *statement = NULL;
    hf_status status = prepare(vfs, COLUMNS, &statement);
    bool plain = true;
    int code = SQLITE_DONE;

    while (status == HF_OK && plain && (code = sqlite3_step(statement)) == SQLITE_ROW)
        plain = sqlite3_column_int(statement, HIDDEN) == 0;
    sqlite3_finalize(statement);
    if (status == HF_OK && vfs->failed)
        return HF_E_READ;
    return status == HF_OK && (!plain || code != SQLITE_DONE) ? HF_E_FORMAT : status;
}

/* From here on a row is short, and whatever calls itself longer is no row of libsoup's. */
static hf_status check_table(hf__vfs *vfs)
{
    hf_status status = check_schema(vfs);

    if (status == HF_OK)
        status = check_columns(vfs);
    sqlite3_limit(vfs->db, SQLITE_LIMIT_LENGTH, ROW_MAX);
    return status;
}

static hf_span raw_of(sqlite3_stmt *statement, char raw[RAW_MAX])
{
    size_t length = 0;

    for (int i = 0; i < 5; i++) {
        hf_span text = text_at(statement, i);
        if (text.length + 1 > RAW_MAX - length)
            return (hf_span){0};
        if (i > 0)
            raw[length++] = '|';
        if (text.length > 0)
            memcpy(raw + length, text.data, text.length);
        length += text.length;
    }
    return (hf_span){raw, length};
}

static const char *parse(sqlite3_stmt *statement, const hf_format_options *options, columns *c, hf_row *row)
{
    *row = hf__row();
    row->line = (uint64_t)sqlite3_column_int64(statement, 0);
    if (sqlite3_column_type(statement, 1) != SQLITE_TEXT)
        return "the host is no text";
    for (int i = 2; i < 5; i++) {
        if (sqlite3_column_type(statement, i) != SQLITE_INTEGER)
            return "max_age, expiry or include_subdomains is no integer";
    }
    row->max_age = sqlite3_column_int64(statement, 2);
    row->expires.seconds = sqlite3_column_int64(statement, 3);
    row->include_subdomains = sqlite3_column_int64(statement, 4) != 0;
    if (row->max_age < 0)
        return "max_age is negative";
    const char *reason = hf__row_host(text_at(statement, 1), options, &c->host);
    row->host = (hf_span){c->host.name, c->host.length};
    row->raw = raw_of(statement, c->raw);
    return reason;
}

static const char *database_problem(int code)
{
    switch (code) {
    case SQLITE_INTERRUPT:
        return "the table has more rows than the file has room for";
    case SQLITE_TOOBIG:
        return "a row is longer than any of libsoup's: what follows is not read";
    case SQLITE_NOTADB:
        return "not a database of SQLite";
    default:
        return "the database is damaged from here on";
    }
}

static hf_status read_rows(hf__vfs *vfs, sqlite3_stmt *statement, budget *b, const hf_format_options *options,
                           const hf_row_visitor *visitor)
{
    columns c;
    hf_row row = hf__row();
    int code;

    while ((code = next_row(statement, b)) == SQLITE_ROW) {
        const char *reason = parse(statement, options, &c, &row);
        if (reason != NULL)
            visitor->damage(visitor->self, &(hf_row_damage){HF_OFFSET_NONE, row.line, reason});
        else if (!visitor->row(visitor->self, &row))
            return HF_OK;
    }
    if (vfs->failed)
        return HF_E_READ;
    if (code == SQLITE_NOMEM)
        return HF_E_MEMORY;
    if (code != SQLITE_DONE)
        visitor->damage(visitor->self, &(hf_row_damage){HF_OFFSET_NONE, row.line, database_problem(code)});
    return HF_OK;
}

static hf_status read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor)
{
    hf__vfs vfs;
    sqlite3_stmt *statement = NULL;
    budget b;

    (void)format;
    if (input->length == 0)
        return HF_OK;
    hf_status status = hf__vfs_open(&vfs, input, NULL, input->length);
    if (status == HF_OK)
        limit_steps(&vfs, &b);
    if (status == HF_OK)
        status = check_table(&vfs);
    if (status == HF_OK)
        status = prepare(&vfs, SELECT, &statement);
    if (status == HF_OK)
        status = read_rows(&vfs, statement, &b, options, visitor);
    else if (status == HF_E_FORMAT)
        visitor->damage(visitor->self,
                        &(hf_row_damage){0, 0, "no database that holds the plain table " TABLE " alone"});
    sqlite3_finalize(statement);
    hf__vfs_close(&vfs);
    return status;
}

static bool detect(const hf_format *format, hf_span head, uint64_t length)
{
    (void)format;
    (void)length;
    return head.length >= 16 && memcmp(head.data, "SQLite format 3", 16) == 0;
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

typedef struct output {
    hf__vfs vfs;
    sqlite3_stmt *insert;
} output;

static hf_status execute(output *out, const char *sql)
{
    int code = sqlite3_exec(out->vfs.db, sql, NULL, NULL, NULL);

    if (out->vfs.failed)
        return HF_E_WRITE;
    return code == SQLITE_OK ? HF_OK : code == SQLITE_NOMEM ? HF_E_MEMORY : HF_E_FORMAT;
}

static hf_status done(output *out, int code)
{
    if (out->vfs.failed)
        return HF_E_WRITE;
    return code == SQLITE_DONE ? HF_OK : code == SQLITE_NOMEM ? HF_E_MEMORY : HF_E_FORMAT;
}

/* A row that has been visited may go while the walk is on. */
static hf_status drop_rows(hf_format_writer *writer, output *out, budget *b, sqlite3_stmt *select, sqlite3_stmt *drop)
{
    columns c;
    hf_row row;
    int code;

    while ((code = next_row(select, b)) == SQLITE_ROW) {
        if (parse(select, &writer->options, &c, &row) != NULL || hf__writer_keeps(writer, &row))
            continue;
        sqlite3_bind_int64(drop, 1, (sqlite3_int64)row.line);
        hf_status status = done(out, sqlite3_step(drop));
        sqlite3_reset(drop);
        if (status != HF_OK)
            return status;
    }
    return done(out, code);
}

/* In a damaged database a row that was deleted may still be there. */
static hf_status check_database(hf__vfs *vfs)
{
    sqlite3_stmt *statement = NULL;
    hf_status status = prepare(vfs, CHECK, &statement);
    bool sound = status == HF_OK && sqlite3_step(statement) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;

    sqlite3_finalize(statement);
    if (vfs->failed)
        return HF_E_READ;
    return status == HF_OK && !sound ? HF_E_FORMAT : status;
}

static hf_status begin_again(hf_format_writer *writer, output *out)
{
    sqlite3_stmt *select = NULL, *drop = NULL;
    budget b;

    limit_steps(&out->vfs, &b);
    hf_status status = check_table(&out->vfs);
    if (status == HF_OK)
        status = check_database(&out->vfs);
    limit_steps(&out->vfs, &b);
    if (status == HF_OK)
        status = prepare(&out->vfs, SELECT, &select);
    if (status == HF_OK)
        status = prepare(&out->vfs, DELETE, &drop);
    if (status == HF_OK)
        status = drop_rows(writer, out, &b, select, drop);
    sqlite3_finalize(select);
    sqlite3_finalize(drop);
    sqlite3_progress_handler(out->vfs.db, 0, NULL, NULL);
    return status;
}

static hf_status begin(hf_format_writer *writer)
{
    const hf_input *previous = writer->rewrite.previous;
    uint64_t length = previous != NULL ? previous->length : 0;
    output *out = calloc(1, sizeof *out);
    hf_status status = HF_OK;

    if (out == NULL)
        return HF_E_MEMORY;
    writer->state = out;
    if (previous != NULL)
        status = hf__writer_copy(writer, 0, length);
    if (status == HF_OK)
        status = hf__writer_flush(writer);
    if (status == HF_OK)
        status = hf__vfs_open(&out->vfs, NULL, &writer->output, length);
    if (status == HF_OK)
        status = execute(out, "BEGIN");
    if (status == HF_OK)
        status = previous != NULL ? begin_again(writer, out) : execute(out, CREATE);
    if (status == HF_OK)
        status = prepare(&out->vfs, INSERT, &out->insert);
    return status;
}

/* libsoup looks names up in Unicode, so a name that cannot be turned into it would never be found. */
static bool unicode_name(const hf_format_options *options, hf_span name, char *out, size_t *length)
{
    bool has_a_label = (name.length >= 4 && memcmp(name.data, "xn--", 4) == 0);

    for (size_t i = 0; i + 5 <= name.length && !has_a_label; i++)
        has_a_label = memcmp(name.data + i, ".xn--", 5) == 0;
    if (has_a_label)
        return options->to_unicode != NULL && options->to_unicode(options->self, name, out, NAME_MAX_OCTETS, length) &&
               *length <= NAME_MAX_OCTETS;
    memcpy(out, name.data, name.length);
    *length = name.length;
    return true;
}

static hf_status add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    output *out = writer->state;
    char name[NAME_MAX_OCTETS];
    size_t length = 0;
    hf_losses term_losses = 0;
    hf__term term = hf__row_term(row, writer->options.now, HF__YEAR_9999_END, &term_losses);

    if (row->host.length > HF_HOST_MAX || !unicode_name(&writer->options, row->host, name, &length)) {
        *losses |= HF_LOSS_HOST;
        return HF_OK;
    }
    *losses |= term_losses;
    sqlite3_bind_text(out->insert, 1, name, (int)length, SQLITE_STATIC);
    sqlite3_bind_int64(out->insert, 2, row->max_age >= 0 ? row->max_age : term.max_age);
    sqlite3_bind_int64(out->insert, 3, hf__sum(term.observed, term.max_age));
    sqlite3_bind_int64(out->insert, 4, row->include_subdomains);
    hf_status status = done(out, sqlite3_step(out->insert));
    sqlite3_reset(out->insert);
    writer->rows += status == HF_OK;
    return status;
}

/* SQLite's pages are given back here: who verifies what was written needs room for those of a second connection. */
static void close_database(output *out)
{
    sqlite3_finalize(out->insert);
    out->insert = NULL;
    hf__vfs_close(&out->vfs);
}

static hf_status finish(hf_format_writer *writer)
{
    hf_status status = execute(writer->state, "COMMIT");

    close_database(writer->state);
    return status;
}

static void discard(hf_format_writer *writer)
{
    close_database(writer->state);
    free(writer->state);
}

const hf_format hf__format_libsoup = {
    .name = "libsoup",
    .description = "libsoup's SQLite database (GNOME Web, WebKitGTK)",
    .max_octets = HF__OCTETS_MAX,
    .writes = true,
    .always_lost = HF_LOSS_NO_NAME | HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_PARTITION | HF_LOSS_STATE,
    .detect = detect,
    .read = read,
    .begin = begin,
    .add = add,
    .finish = finish,
    .discard = discard,
};
