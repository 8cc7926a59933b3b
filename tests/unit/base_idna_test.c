/* base/idna.h: one label, as browsers convert it. */
#include "base/idna.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void becomes(const char *label, const char *wanted)
{
    char out[HF_LABEL_MAX + 1] = {0};
    size_t length = 0;

    if (!base_idna()->to_ascii(base_idna()->self, label, strlen(label), out, HF_LABEL_MAX, &length))
        fail_msg("%s is refused", label);
    assert_int_equal(length, strlen(wanted));
    assert_string_equal(out, wanted);
}

static void is_refused(const char *label, size_t label_length)
{
    char out[HF_LABEL_MAX + 1];
    size_t length = 99;

    if (base_idna()->to_ascii(base_idna()->self, label, label_length, out, HF_LABEL_MAX, &length))
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

static void what_unicode_forbids_is_refused(void **state)
{
    (void)state;
    REFUSED("\xff");
    REFUSED("\xc3");
    REFUSED("é\0x");
    REFUSED("a\xe2\x80\xae"
            "b"); /* U+202E */
    REFUSED("a\xe2\x80\xa4"
            "é"); /* U+2024 becomes a dot */
    REFUSED("\xcc\x88"
            "a");  /* begins with a combining mark */
    REFUSED("אa"); /* the bidi rule */
    REFUSED("א-");
    REFUSED("a\xe2\x80\x8d"
            "b"); /* a joiner where nothing is to join */
    REFUSED("\xed\xa0\x80");
}

static void lengths_are_bounded(void **state)
{
    char label[HF_HOST_TEXT_MAX + 8], out[8];
    size_t length;

    (void)state;
    memset(label, 'a', sizeof label);
    memcpy(label, "é", 2);
    is_refused(label, 80);
    is_refused(label, HF_HOST_TEXT_MAX);
    is_refused(label, sizeof label);
    assert_false(base_idna()->to_ascii(NULL, "bücher", 7, out, sizeof out, &length));
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
        cmocka_unit_test(what_unicode_forbids_is_refused),
        cmocka_unit_test(lengths_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
