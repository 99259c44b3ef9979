package io.stepvault.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.testing.CaptureArbitraries;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IdCodecTest {
    private static final Pattern SAFE = Pattern.compile("([A-Za-z0-9_-]|%[0-9A-F]{2})([A-Za-z0-9_.-]|%[0-9A-F]{2})*");

    @Provide
    Arbitrary<String> ids() {
        return CaptureArbitraries.ids();
    }

    /** What lies close to encoded ids, canonical or not. */
    @Provide
    Arbitrary<String> nearlyEncoded() {
        return Arbitraries.of(
                        "%",
                        "%2", "%2F", "%2f", "%41", "%2E", ".", "a", "Z", "-", "%C3%A9", "%C0%AF", "%E2", "%82", "/",
                        "é")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property
    void everyIdIsReadBack(@ForAll("ids") String id) {
        assertThat(IdCodec.decode(IdCodec.encode(id))).isEqualTo(id);
    }

    @Property
    void everyEncodedIdIsSafeInKeysFileNamesAndAddresses(@ForAll("ids") String id) {
        String encoded = IdCodec.encode(id);

        assertThat(encoded).matches(SAFE).hasSizeBetween(1, IdCodec.MAX_ENCODED_LENGTH);
    }

    @Property
    void differentIdsAreEncodedDifferently(@ForAll("ids") String one, @ForAll("ids") String other) {
        Assume.that(!one.equals(other));

        assertThat(IdCodec.encode(one)).isNotEqualTo(IdCodec.encode(other));
    }

    @Property
    void onlyTheCanonicalFormIsDecoded(@ForAll("nearlyEncoded") String text) {
        try {
            assertThat(IdCodec.encode(IdCodec.decode(text))).isEqualTo(text);
        } catch (InvalidIdException refused) {
            assertThat(refused).hasMessage(text.isEmpty() ? refused.getMessage() : "is not an encoded id");
        }
    }

    @Property
    void whateverStringIsGivenIsEncodedOrRefused(@ForAll String any) {
        try {
            assertThat(IdCodec.decode(IdCodec.encode(any))).isEqualTo(any);
        } catch (InvalidIdException refused) {
            assertThat(any.isEmpty() || any.length() > 20 || !UnicodeText.isValid(any))
                    .isTrue();
        }
    }

    @Test
    void everyCharacterAloneIsEncodedDifferently() {
        Set<String> encoded = new HashSet<>();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                encoded.add(IdCodec.encode(Character.toString(c)));
            }
        }

        assertThat(encoded).hasSize(0x110000 - 0x800);
    }

    @Test
    void lengthCountsOnceEncoded() {
        assertThat(IdCodec.encode("a".repeat(240))).hasSize(240);
        assertThat(IdCodec.encode("/".repeat(80))).hasSize(240);
        assertThatThrownBy(() -> IdCodec.encode("a".repeat(241)))
                .isInstanceOf(InvalidIdException.class)
                .hasMessage("is at least 241 characters once encoded; at most 240 are allowed");
        assertThatThrownBy(() -> IdCodec.encode("a" + "/".repeat(80))).isInstanceOf(InvalidIdException.class);
        assertThatThrownBy(() -> IdCodec.decode("a".repeat(241))).isInstanceOf(InvalidIdException.class);
    }

    @Test
    void refusalNeverQuotesTheId() {
        assertThatThrownBy(() -> IdCodec.encode("secret\ud800"))
                .isInstanceOf(InvalidIdException.class)
                .hasMessage("is not valid Unicode: it holds an unpaired surrogate");
        assertThatThrownBy(() -> IdCodec.decode("secret/"))
                .isInstanceOf(InvalidIdException.class)
                .hasMessage("is not an encoded id");
    }
}
