/* Damaged files: the sound part is used, each damage is told with its place, the damaged file is kept, and what must
 * not be trusted is refused. */
#include "unit/store/folder.h"

#include "store/octets.h"
#include "store/siphash.h"

enum { HOSTS = 50, HEADER = 64 };

/* Half of the hosts in the part that the index knows, half in what was added since. */
static void make_store(void)
{
    char name[32];
    hf_store *store = open_store();

    for (int i = 0; i < HOSTS; i++) {
        snprintf(name, sizeof name, "host%d.example", i);
        note(store, name, i + 1, true);
        if (i == HOSTS / 2 - 1)
            assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    }
    hf_store_close(store);
}

static size_t count_kept(const hf_store *store)
{
    char name[32];
    size_t found = 0;

    for (int i = 0; i < HOSTS; i++) {
        snprintf(name, sizeof name, "host%d.example", i);
        int64_t max_age = kept(store, name);
        assert_true(max_age == -1 || max_age == i + 1);
        found += max_age == i + 1;
    }
    return found;
}

typedef struct octets {
    uint8_t *data;
    size_t length;
} octets;

static octets read_octets(void)
{
    octets o = {malloc(1 << 20), 0};
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    o.length = fread(o.data, 1, 1 << 20, file);
    fclose(file);
    return o;
}

static void write_octets(const void *data, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void change_octet(size_t offset)
{
    octets o = read_octets();

    o.data[offset] ^= 0x20;
    write_octets(o.data, o.length);
    free(o.data);
}

/* A reader finds `wanted` hosts and is told of the damage; a writer too, and mends it, and then nobody is told any
 * more. */
static void expect(size_t wanted, hf_damage_kind kind)
{
    damages = 0;
    hf_store *store = open_reader();
    assert_int_equal(count_kept(store), wanted);
    assert_true(damages > 0);
    assert_int_equal(last_damage, kind);
    assert_string_equal(last_copy, "");
    hf_store_close(store);
    damages = 0;
    store = open_store();
    assert_int_equal(count_kept(store), wanted);
    assert_true(damages > 0);
    assert_int_equal(last_damage, kind);
    note(store, "new.example", 1, false);
    hf_store_close(store);
    damages = 0;
    store = open_store();
    assert_int_equal(count_kept(store), wanted);
    assert_true(kept(store, "new.example") == 1);
    assert_int_equal(damages, 0);
    hf_store_close(store);
}

static void every_octet_of_the_header(void **state)
{
    (void)state;
    for (size_t offset = 0; offset < HEADER; offset++) {
        unlink(path);
        make_store();
        change_octet(offset);
        expect(HOSTS, HF_DAMAGE_HEADER);
        assert_true(strstr(last_copy, ".damaged") != NULL || offset >= 9);
    }
}

static void the_index(void **state)
{
    (void)state;
    for (size_t offset = HEADER; offset < HEADER + 512; offset += 37) {
        unlink(path);
        make_store();
        change_octet(offset);
        expect(HOSTS, HF_DAMAGE_INDEX);
    }
}

/* One row is lost, and no other; where it stands is told. Its copy is the file as it was. */
static void a_row_among_those_added(void **state)
{
    (void)state;
    make_store();
    octets o = read_octets();
    size_t row = o.length - 3 * 56; /* 40 octets and "hostNN.example", rounded up to eight */
    for (size_t offset = row; offset < row + 56; offset++) {
        o.data[offset] ^= 0xff;
        write_octets(o.data, o.length);
        expect(HOSTS - 1, HF_DAMAGE_ENTRIES);
        o.data[offset] ^= 0xff;
    }
    o.data[row + 41] ^= 0xff;
    char copy[PATH_MAX];
    for (int i = 2; i < 10; i++) {
        snprintf(copy, sizeof copy, "%s.damaged.%d", path, i);
        unlink(copy);
    }
    snprintf(copy, sizeof copy, "%s.damaged", path);
    unlink(copy);
    write_octets(o.data, o.length);
    hf_store_close(open_store());
    assert_string_equal(last_copy, copy);
    assert_true((size_t)size_of(copy) == o.length);
    free(o.data);
}

/* A row that the index leads to is looked at when it is asked for, and when the file is written anew. */
static void a_row_of_the_index(void **state)
{
    (void)state;
    make_store();
    change_octet(HEADER + 512 + 45);
    hf_store *store = open_reader();
    assert_int_equal(damages, 0);
    assert_int_equal(count_kept(store), HOSTS - 1);
    assert_int_equal(damages, 1);
    hf_store_close(store);
    store = open_store();
    damages = 0;
    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    assert_int_equal(damages, 1);
    assert_int_equal(last_damage, HF_DAMAGE_ENTRIES);
    assert_true(exists(last_copy));
    damages = 0;
    assert_int_equal(count_kept(store), HOSTS - 1);
    assert_int_equal(damages, 0);
    hf_store_close(store);
}

/* However short the file was cut, what is left of it is used. */
static void cut_short_anywhere(void **state)
{
    (void)state;
    make_store();
    octets o = read_octets();
    size_t last = HOSTS + 1;
    for (size_t length = o.length; length-- > 0;) {
        if (length > 0 && length < 8)
            continue; /* nothing says any more that the file is ours */
        write_octets(o.data, length);
        damages = 0;
        hf_store *store = open_reader();
        size_t found = count_kept(store);
        assert_true(found <= last);
        last = found;
        bool at_a_row = length > HEADER + 512 && (o.length - length) % 56 == 0 && (o.length - length) / 56 <= HOSTS / 2;
        assert_true(damages > 0 || at_a_row);
        hf_store_close(store);
    }
    assert_int_equal(last, 0);
    free(o.data);
}

static void an_unfinished_end_is_cut_off(void **state)
{
    (void)state;
    make_store();
    octets o = read_octets();
    for (size_t more = 1; more < 56; more++) {
        memcpy(o.data + o.length, o.data + o.length - 56, more);
        write_octets(o.data, o.length + more);
        expect(HOSTS, HF_DAMAGE_UNFINISHED);
        assert_string_equal(last_copy, "");
    }
    memset(o.data + o.length, 0, 4096);
    write_octets(o.data, o.length + 4096);
    expect(HOSTS, HF_DAMAGE_UNFINISHED);
    free(o.data);
}

static void an_empty_file(void **state)
{
    (void)state;
    write_octets("", 0);
    assert_int_equal(chmod(path, 0600), 0);
    expect(0, HF_DAMAGE_EMPTY);
}

static hf_status status_of_opening(bool read_only, hf_store_error *error)
{
    hf_store_options options = usual_options();
    hf_store *store = NULL;

    options.read_only = read_only;
    hf_status status = hf_store_open(&options, &store, error);
    hf_store_close(store);
    return status;
}

static void refused(hf_status wanted, const char *fix)
{
    for (int read_only = 0; read_only < 2; read_only++) {
        hf_store_error error = hf_store_error_init();
        assert_int_equal(status_of_opening(read_only == 1, &error), wanted);
        assert_int_equal(error.status, wanted);
        if (strstr(error.text, fix) == NULL)
            fail_msg("no '%s' in: %s", fix, error.text);
        assert_non_null(strstr(error.text, folder));
    }
}

/* A file of somebody else's is neither read nor touched. */
static void a_file_of_another_kind(void **state)
{
    (void)state;
    static const char text[] = "# HSTS 1.0 Known Hosts database for GNU Wget.\nexample.test\t0\t1\t1\t2\n";
    write_octets(text, sizeof text - 1);
    assert_int_equal(chmod(path, 0600), 0);
    refused(HF_E_STORE_FOREIGN, "name another file");
    octets o = read_octets();
    assert_int_equal(o.length, sizeof text - 1);
    assert_memory_equal(o.data, text, o.length);
    free(o.data);
}

static void a_later_version(void **state)
{
    (void)state;
    make_store();
    octets o = read_octets();
    hf__put32(o.data + 8, 2);
    const hf__siphash_key key = {UINT64_C(0x7372656461654820), UINT64_C(0x7365636964656e49)};
    hf__put64(o.data + 56, hf__siphash(key, o.data, 56));
    write_octets(o.data, o.length);
    free(o.data);
    refused(HF_E_STORE_VERSION, "update");
}

/* -- Whom to trust ------------------------------------------------------------------------------------------------- */

static void others_may_write(void **state)
{
    (void)state;
    make_store();
    assert_int_equal(chmod(path, 0620), 0);
    refused(HF_E_STORE_MODE, "chmod 600");
    assert_int_equal(chmod(path, 0602), 0);
    refused(HF_E_STORE_MODE, "chmod 600");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(status_of_opening(false, NULL), HF_OK);
    assert_int_equal(chmod(folder, 0707), 0);
    refused(HF_E_STORE_MODE, "chmod go-w");
    assert_int_equal(chmod(folder, 01777), 0);
    assert_int_equal(status_of_opening(false, NULL), HF_OK);
}

/* Who was let read the file is still let read it when it was written anew. */
static void rights_to_read_are_kept(void **state)
{
    (void)state;
    struct stat status;
    make_store();
    assert_int_equal(chmod(path, 0644), 0);
    hf_store *store = open_store();
    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    hf_store_close(store);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
}

static void somebody_elses(void **state)
{
    (void)state;
    make_store();
    if (geteuid() != 0) {
        print_message("giving files away needs root\n");
        return;
    }
    assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
    refused(HF_E_STORE_OWNER, "run as its owner");
    assert_int_equal(chown(path, 0, (gid_t)-1), 0);
    assert_int_equal(chown(folder, 12345, (gid_t)-1), 0);
    refused(HF_E_STORE_OWNER, "run as its owner");
}

static void what_is_no_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    hf_store_error error = hf_store_error_init();
    assert_int_equal(status_of_opening(false, &error), HF_E_STORE_TYPE);
    assert_int_equal(status_of_opening(true, &error), HF_E_STORE_TYPE);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    refused(HF_E_STORE_TYPE, "regular file");
}

static void symbolic_links(void **state)
{
    (void)state;
    char link_path[sizeof path], real[sizeof path];
    make_store();
    snprintf(real, sizeof real, "%s", path);
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    assert_int_equal(symlink("known-hosts", link_path), 0);
    snprintf(path, sizeof path, "%s", link_path);
    hf_store *store = open_store();
    assert_string_equal(hf_store_path(store), real);
    assert_int_equal(hf_store_compact(store, NULL), HF_OK);
    note(store, "new.example", 7, false);
    hf_store_close(store);
    struct stat status;
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    store = open_reader();
    assert_true(kept(store, "new.example") == 7);
    hf_store_close(store);
    if (geteuid() == 0) {
        assert_int_equal(lchown(link_path, 12345, (gid_t)-1), 0);
        refused(HF_E_STORE_OWNER, "name the file itself");
        assert_int_equal(lchown(link_path, 0, (gid_t)-1), 0);
    }
    assert_int_equal(unlink(real), 0);
    assert_int_equal(status_of_opening(false, NULL), HF_E_STORE_IO); /* it leads nowhere */
    assert_false(exists(real));
}

/* Readers need no right but that to read. */
static void a_reader_without_rights(void **state)
{
    (void)state;
    make_store();
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    hf_store *store = open_reader();
    assert_int_equal(count_kept(store), HOSTS);
    hf_store_close(store);
    if (geteuid() != 0)
        assert_int_equal(status_of_opening(false, NULL), HF_E_STORE_ACCESS);
    assert_int_equal(chmod(folder, 0700), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_octet_of_the_header),
        TEST(the_index),
        TEST(a_row_among_those_added),
        TEST(a_row_of_the_index),
        TEST(cut_short_anywhere),
        TEST(an_unfinished_end_is_cut_off),
        TEST(an_empty_file),
        TEST(a_file_of_another_kind),
        TEST(a_later_version),
        TEST(others_may_write),
        TEST(rights_to_read_are_kept),
        TEST(somebody_elses),
        TEST(what_is_no_file),
        TEST(symbolic_links),
        TEST(a_reader_without_rights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
