package io.stepvault.server.browser;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;

/** How a visitor looks at the viewer. */
enum Look {
    LIGHT,
    DARK,
    PHONE;

    NewContextOptions options() {
        NewContextOptions options = new NewContextOptions().setLocale("en-GB").setTimezoneId("UTC");
        return switch (this) {
            case LIGHT -> options.setViewportSize(1440, 900).setColorScheme(ColorScheme.LIGHT);
            case DARK -> options.setViewportSize(1440, 900).setColorScheme(ColorScheme.DARK);
            case PHONE ->
                options.setViewportSize(390, 844)
                        .setColorScheme(ColorScheme.LIGHT)
                        .setDeviceScaleFactor(2)
                        .setIsMobile(true)
                        .setHasTouch(true);
        };
    }

    /** The end of a screenshot's name. */
    String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
