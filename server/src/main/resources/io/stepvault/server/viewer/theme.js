// Runs before the first paint, so that a chosen theme does not flash. The choice is "light", "dark" or none (the system's).
(() => {
    const chosen = localStorage.getItem("stepvault-theme");
    if (chosen === "light" || chosen === "dark") {
        document.documentElement.dataset.theme = chosen;
    }
})();
