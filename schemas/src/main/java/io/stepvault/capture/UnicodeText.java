package io.stepvault.capture;

/** Tells Unicode text from strings that only look like it. */
public final class UnicodeText {
    private UnicodeText() {}

    /** False if {@code text} holds an unpaired surrogate: no UTF-8 can carry it, and encoders put a {@code ?} there. */
    public static boolean isValid(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
