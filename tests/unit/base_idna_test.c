/* base/idna.h: names, as browsers convert them. */
#include "base/idna.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void becomes(const char *label, const char *wanted)
{
    char out[HF_HOST_TEXT_MAX + 1] = {0};
    size_t length = 0;

    if (!base_idna()->to_ascii(base_idna()->self, label, strlen(label), out, HF_HOST_TEXT_MAX, &length))
        fail_msg("%s is refused", label);
    assert_int_equal(length, strlen(wanted));
    assert_string_equal(out, wanted);
}

static void is_refused(const char *label, size_t label_length)
{
    char out[HF_HOST_TEXT_MAX + 1];
    size_t length = 99;

    if (base_idna()->to_ascii(base_idna()->self, label, label_length, out, HF_HOST_TEXT_MAX, &length))
        fail_msg("%s becomes %.*s", label, (int)length, out);
}

#define REFUSED(label) is_refused(label, sizeof(label) - 1)

static void labels_are_mapped_and_encoded(void **state)
{
    (void)state;
    becomes("bücher", "xn--bcher-kva");
    becomes("BÜCHER", "xn--bcher-kva");
    becomes("bu\xcc\x88"
            "cher",
            "xn--bcher-kva"); /* composed first */
    becomes("日本", "xn--wgv71a");
    becomes("ａｂｃ", "abc");
    becomes("ｘｎ－－bcher-kva", "xn--bcher-kva");
    becomes("a_é", "xn--a_-cja");
}

static void the_four_deviations_stay_themselves(void **state)
{
    (void)state;
    becomes("faß", "xn--fa-hia");
    becomes("ς", "xn--3xa");
    becomes("\xe1\xba\x9e", "xn--zca"); /* U+1E9E, the capital of the sharp s */
    becomes("FA\xe1\xba\x9e.FA\xc3\x9f", "xn--fa-hia.xn--fa-hia");
}

/* CheckHyphens=false. */
static void hyphens_may_stand_anywhere(void **state)
{
    (void)state;
    becomes("-é", "xn----bga");
    becomes("é-", "xn----9fa");
    becomes("ab--é", "xn--ab---epa");
    becomes("-_é", "xn---_-cja");
    becomes("－ｃ", "-c");
    becomes("ab－－ｃ", "ab--c");
}

/* Of UTS 46, not of IDNA 2008; the second is mapped around the symbol, the fourth loses its variation selector. */
static void symbols_are_taken_as_browsers_take_them(void **state)
{
    (void)state;
    becomes("☃", "xn--n3h");
    becomes("I♥NY", "xn--iny-zx5a");
    becomes("💩", "xn--ls8h");
    becomes("i❤\xef\xb8\x8f", "xn--i-7iq");
    becomes("ＢÜ☃cher-", "xn--bcher--3ya6496e");
    becomes("-☃--é", "xn------dma1068b");
    becomes("☃☃", "xn--n3ha");
    REFUSED("xn--☃");
    REFUSED("א☃");
    REFUSED("☃\xe2\x80\x8d☃");
    REFUSED("☃\xe2\x80\xae");
    REFUSED("☃\xff");
}

static void a_false_a_label_is_refused(void **state)
{
    (void)state;
    REFUSED("xn--é");
    REFUSED("XN--é");
    REFUSED("ｘｎ－－é");
    REFUSED("xn--é-");
    REFUSED("ｘｎ－－a");
}

/* UTS 46 maps the whole name before it looks for labels. */
static void mapping_comes_before_labels(void **state)
{
    (void)state;
    becomes("a\xe3\x80\x82é\xef\xbc\x8e"
            "b\xef\xbd\xa1"
            "c",
            "a.xn--9ca.b.c");
    becomes("example.com.\xc2\xad", "example.com.");
    becomes("example.com.\xe2\x80\x8b", "example.com.");
    becomes("example.com.\xef\xb8\x8f", "example.com.");
    becomes("½.test", "xn--12-c6t.test");
    becomes("©.test", "xn--gba.test");
    becomes("😀xn--bcher-kva.com", "xn--xn--bcher-kva-vi18l.com");
}

static void what_unicode_forbids_is_refused(void **state)
{
    (void)state;
    REFUSED("\xff");
    REFUSED("\xc3");
    REFUSED("a\xe2\x80\xae"
            "b");              /* U+202E */
    REFUSED("a\xe2\x80\xa4é"); /* U+2024, one dot leader, would become a dot */
    REFUSED("\xcc\x88"
            "a");  /* begins with a combining mark */
    REFUSED("אa"); /* the bidi rule */
    REFUSED("א-");
    REFUSED("a\xe2\x80\x8d"
            "b"); /* a joiner where nothing is to join */
    REFUSED("\xed\xa0\x80");
}

/* Labels may be as long as they like here; how long they may be at the end is for the engine to say. */
static void lengths_are_bounded(void **state)
{
    char name[HF_HOST_TEXT_MAX + 8], out[HF_HOST_TEXT_MAX];
    size_t length;

    (void)state;
    memset(name, 'a', sizeof name);
    memcpy(name, "é", 2);
    assert_true(base_idna()->to_ascii(NULL, name, 80, out, sizeof out, &length));
    is_refused(name, HF_HOST_TEXT_MAX);
    is_refused(name, sizeof name);
    assert_false(base_idna()->to_ascii(NULL, "bücher", 7, out, 8, &length));
    assert_true(base_idna()->to_ascii(NULL, "ａ", 3, out, 1, &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_mapped_and_encoded),
        cmocka_unit_test(the_four_deviations_stay_themselves),
        cmocka_unit_test(hyphens_may_stand_anywhere),
        cmocka_unit_test(a_false_a_label_is_refused),
        cmocka_unit_test(symbols_are_taken_as_browsers_take_them),
        cmocka_unit_test(mapping_comes_before_labels),
        cmocka_unit_test(what_unicode_forbids_is_refused),
        cmocka_unit_test(lengths_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
