/* base/escape.h and base/utf8.h: what may be seen, and what must not be obeyed. */
#include "base/escape.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, size_t length, const char *wanted)
{
    base_buffer out;

    base_buffer_init(&out, 4096);
    base_escape(text, length, &out);
    assert_string_equal(base_buffer_string(&out), wanted);
    base_buffer_done(&out);
}

#define CHECK(text, wanted) check(text, sizeof(text) - 1, wanted)

static void letters_of_any_script_stay(void **state)
{
    (void)state;
    CHECK("", "");
    CHECK("max-age=1 ~", "max-age=1 ~");
    CHECK("b\xc3\xbc"
          "cher \xe6\x97\xa5 \xf0\x9f\x98\x80",
          "b\xc3\xbc"
          "cher \xe6\x97\xa5 \xf0\x9f\x98\x80");
}

static void controls_become_visible(void **state)
{
    (void)state;
    CHECK("\0\x1b\x07\n\x7f", "\\x00\\x1b\\x07\\x0a\\x7f");
    CHECK("\xc2\x9b"
          "31m\xc2\x80",
          "\\u{9b}31m\\u{80}");
}

static void what_is_no_utf8_is_shown_octet_by_octet(void **state)
{
    (void)state;
    CHECK("\x9b\xff\xc3", "\\x9b\\xff\\xc3");
    CHECK("\xc0\xaf", "\\xc0\\xaf");                            /* overlong */
    CHECK("\xed\xa0\x80", "\\xed\\xa0\\x80");                   /* a surrogate */
    CHECK("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");          /* above U+10FFFF */
    CHECK("\xe0\x80\x80\xe2\x82", "\\xe0\\x80\\x80\\xe2\\x82"); /* overlong, cut off */
}

static void what_turns_or_hides_becomes_visible(void **state)
{
    static const uint32_t hostile[] = {0xad,   0x61c,  0x200b, 0x200e, 0x200f, 0x2028,  0x2029,  0x202a,
                                       0x202e, 0x2066, 0x2069, 0xfeff, 0xfe0f, 0xe0001, 0xe007f, 0xfff9};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        char text[4], wanted[16];
        size_t length = base_utf8_encode(hostile[i], text);
        snprintf(wanted, sizeof wanted, "\\u{%x}", (unsigned)hostile[i]);
        check(text, length, wanted);
    }
}

static void every_octet_has_a_visible_form(void **state)
{
    char visible[BASE_ESCAPED_MAX];

    (void)state;
    assert_int_equal(base_escape_octet('a', visible), 1);
    assert_string_equal(visible, "a");
    assert_int_equal(base_escape_octet(0xe9, visible), 4);
    assert_string_equal(visible, "\\xe9");
}

/* Every code point goes through UTF-8 and back. */
static void utf8_is_its_own_inverse(void **state)
{
    uint32_t point;

    (void)state;
    for (point = 0; point <= 0x10ffff; point++) {
        char text[4];
        uint32_t read = UINT32_MAX;
        size_t length;
        if (point >= 0xd800 && point <= 0xdfff)
            continue;
        length = base_utf8_encode(point, text);
        assert_int_equal(base_utf8_decode(text, length, &read), length);
        assert_int_equal(read, point);
        assert_true(length == 1 || base_utf8_decode(text, length - 1, &read) == 0);
    }
    assert_int_equal(base_utf8_count("a\xc3\xbc\xff\xe6\x97\xa5", 7), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_any_script_stay),
        cmocka_unit_test(controls_become_visible),
        cmocka_unit_test(what_is_no_utf8_is_shown_octet_by_octet),
        cmocka_unit_test(what_turns_or_hides_becomes_visible),
        cmocka_unit_test(every_octet_has_a_visible_form),
        cmocka_unit_test(utf8_is_its_own_inverse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
