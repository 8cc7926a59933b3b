/* The reader of preload images, alone, on an image whose octets stand here: so it is tried on every machine. */
#include "lib/preload_golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT (sizeof golden_entries / sizeof golden_entries[0])

static hf_preload_image *open_golden(void)
{
    hf_preload_image *image = NULL;

    assert_int_equal(hf_preload_open(golden_octets, sizeof golden_octets, NULL, &image), HF_OK);
    return image;
}

static hf_host host_of(const char *name)
{
    hf_host host;

    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    return host;
}

/* -- Look-up ------------------------------------------------------------------------------------------------------- */

/* Which of several entries counts is Chromium's rule, for the RFC leaves lists to the browsers. */
static void most_specific_entry(void **state)
{
    static const struct {
        const char *host, *matched; /* NULL: not covered */
        bool include_subdomains;
    } cases[] = {
        {"a.example", "a.example", true},
        {"b.a.example", "a.example", true},
        {"example", NULL, false},
        {"aa.example", NULL, false},
        {"a.example.com", NULL, false},
        {"bank", "bank", true},
        {"any.bank", "bank", true},
        {"bank.example", "bank.example", true},
        {"below.bank.example", "bank.example", true},
        {"deep.below.bank.example", "deep.below.bank.example", false},
        {"x.deep.below.bank.example", "bank.example", true},
        {"login.example-shop.com", "login.example-shop.com", false},
        {"x.login.example-shop.com", "example-shop.com", true},
        {"mail.example", "mail.example", false},
        {"x.mail.example", NULL, false},
        {"open.dev", "open.dev", false},
        {"x.open.dev", "dev", true},
        {"g.co", "g.co", true},
        {"co", NULL, false},
        {"og.co", NULL, false},
        {"www.pay.example", "www.pay.example", true},
        {"a.www.pay.example", "www.pay.example", true},
        {"w.pay.example", "pay.example", true},
        {"under_score.example", "under_score.example", true},
        {"under!score.example", NULL, false},
        {"x!.a.example", "a.example", true},
        {"unknown", NULL, false},
    };
    hf_preload_image *image = open_golden();
    hf_preload preload;
    (void)state;
    hf_preload_from_image(image, &preload);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_preload_match match = {99, false};
        hf_host host = host_of(cases[i].host);
        bool covered = preload.cover(preload.self, &host, &match);
        if (covered != (cases[i].matched != NULL))
            fail_msg("%s: covered %d", cases[i].host, covered);
        if (!covered) {
            assert_int_equal(match.offset, 99);
            continue;
        }
        assert_string_equal(host.name + match.offset, cases[i].matched);
        assert_int_equal(match.include_subdomains, cases[i].include_subdomains);
    }
    hf_preload_close(image);
}

static void long_hosts(void **state)
{
    hf_preload_image *image = open_golden();
    hf_preload preload;
    hf_preload_match match;
    char name[HF_HOST_MAX + 1];
    hf_host host;

    (void)state;
    hf_preload_from_image(image, &preload);
    for (size_t i = 0; i < HF_HOST_MAX; i++)
        name[i] = i % 2 == 0 ? 'a' : '.';
    memcpy(name + HF_HOST_MAX - 9, "a.example", 10);
    host = host_of(name);
    assert_true(preload.cover(preload.self, &host, &match));
    assert_int_equal(match.offset, HF_HOST_MAX - 9);
    memcpy(name + HF_HOST_MAX - 9, "a.exampld", 10);
    host = host_of(name);
    assert_false(preload.cover(preload.self, &host, &match));
    hf_preload_close(image);
}

/* -- What an image holds ------------------------------------------------------------------------------------------- */

static void enumeration(void **state)
{
    hf_preload_image *image = open_golden();
    hf_preload_cursor cursor = {{0}}, half;
    char name[HF_HOST_MAX + 1], again[HF_HOST_MAX + 1];
    bool include_subdomains, seen[COUNT] = {false};
    size_t count = 0;

    (void)state;
    for (; hf_preload_next(image, &cursor, name, &include_subdomains); count++) {
        size_t i = 0;
        while (i < COUNT && strcmp(golden_entries[i].name, name) != 0)
            i++;
        assert_true(i < COUNT && !seen[i]);
        assert_int_equal(include_subdomains, golden_entries[i].include_subdomains);
        seen[i] = true;
        if (count == COUNT / 2)
            half = cursor;
        if (count == COUNT / 2 + 1)
            memcpy(again, name, sizeof again);
    }
    assert_int_equal(count, COUNT);
    assert_false(hf_preload_next(image, &cursor, name, &include_subdomains));
    assert_true(hf_preload_next(image, &half, name, &include_subdomains));
    assert_string_equal(name, again);
    hf_preload_close(image);
}

static void description(void **state)
{
    hf_preload_image *image = open_golden();
    hf_preload_info info = hf_preload_info_init();

    struct {
        size_t size;
        const char *source;
        int64_t list_time, life_of_its_own;
    } older = {offsetof(hf_preload_info, life), NULL, 0, -7};
    hf_preload preload;
    (void)state;
    hf_preload_describe(image, &info);
    assert_string_equal(info.source, "a list for tests");
    assert_int_equal(info.list_time, 1780272000);
    assert_int_equal(info.life, 6048000);
    assert_int_equal(info.count, COUNT);
    assert_int_equal(info.length, sizeof golden_octets);
    assert_true(info.memory > 0);
    hf_preload_describe(image, (hf_preload_info *)&older);
    assert_int_equal(older.list_time, 1780272000);
    assert_int_equal(older.life_of_its_own, -7);
    hf_preload_from_image(image, &preload);
    assert_false(hf_preload_is_stale(&preload, 1780272000 + 6048000));
    assert_true(hf_preload_is_stale(&preload, 1780272000 + 6048001));
    hf_preload_close(image);
}

/* -- Octets that are refused --------------------------------------------------------------------------------------- */

/* In a block of just their size, so that a sanitizer sees a read beyond. */
static hf_status status_of(const uint8_t *octets, size_t length)
{
    uint8_t *copy = malloc(length + (length == 0));
    hf_preload_image *image = NULL;

    assert_non_null(copy);
    memcpy(copy, octets, length);
    hf_status status = hf_preload_open(copy, length, NULL, &image);
    assert_int_equal(image != NULL, status == HF_OK);
    hf_preload_close(image);
    free(copy);
    return status;
}

static void cut_images(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof golden_octets; length++)
        assert_int_equal(status_of(golden_octets, length), length < 8 ? HF_E_IMAGE : HF_E_IMAGE_CUT);
    uint8_t longer[sizeof golden_octets + 1] = {0};
    memcpy(longer, golden_octets, sizeof golden_octets);
    assert_int_equal(status_of(longer, sizeof longer), HF_E_IMAGE_CUT);
}

static void changed_images(void **state)
{
    uint8_t octets[sizeof golden_octets];

    (void)state;
    for (size_t i = 0; i < sizeof octets; i++) {
        memcpy(octets, golden_octets, sizeof octets);
        octets[i] ^= 0x10;
        assert_int_equal(status_of(octets, sizeof octets), i < 8    ? HF_E_IMAGE
                                                           : i < 12 ? HF_E_IMAGE_VERSION
                                                           : i < 16 ? HF_E_IMAGE_CUT
                                                                    : HF_E_IMAGE_CHECKSUM);
    }
}

/* With the checksum put right, an image is refused or answers, perhaps wrongly; what matters is that it does either. */
static void forged_images(void **state)
{
    uint8_t octets[sizeof golden_octets];
    size_t opened = 0, refused = 0;

    (void)state;
    for (size_t i = 24; i < sizeof octets; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(octets, golden_octets, sizeof octets);
            octets[i] ^= (uint8_t)(1 << bit);
            uint64_t sum = hf_preload_checksum(octets, sizeof octets);
            for (unsigned k = 0; k < 8; k++)
                octets[16 + k] = (uint8_t)(sum >> 8 * k);
            hf_status status = status_of(octets, sizeof octets);
            assert_true(status == HF_OK || status == HF_E_IMAGE_CONTENT);
            *(status == HF_OK ? &opened : &refused) += 1;
        }
    }
    assert_true(opened > 100 && refused > 100);
}

static void *allocate_nothing(void *self, size_t size)
{
    ++*(size_t *)self;
    return size == 0 ? self : NULL;
}

static void release_nothing(void *self, void *block, size_t size)
{
    (void)self, (void)block, (void)size;
    fail_msg("nothing was allocated");
}

static void misuse_and_no_memory(void **state)
{
    size_t asked = 0;
    const hf_alloc none = {allocate_nothing, release_nothing, &asked}, half = {allocate_nothing, NULL, NULL};
    hf_preload_image *image = NULL;

    (void)state;
    assert_int_equal(hf_preload_open(NULL, 0, NULL, &image), HF_E_ARGUMENT);
    assert_int_equal(hf_preload_open(golden_octets, sizeof golden_octets, NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_preload_open(golden_octets, sizeof golden_octets, &half, &image), HF_E_ARGUMENT);
    assert_int_equal(hf_preload_open(golden_octets, sizeof golden_octets, &none, &image), HF_E_MEMORY);
    assert_int_equal(asked, 1);
    assert_null(image);
    assert_int_equal(hf_preload_checksum(golden_octets, 10), 0);
    hf_preload_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_specific_entry), cmocka_unit_test(long_hosts),           cmocka_unit_test(enumeration),
        cmocka_unit_test(description),         cmocka_unit_test(cut_images),           cmocka_unit_test(changed_images),
        cmocka_unit_test(forged_images),       cmocka_unit_test(misuse_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
