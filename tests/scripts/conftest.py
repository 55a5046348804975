"""A browser for the tests of pages: one for all of them, as its start takes a second."""

import json
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="session")
def chromium():
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("needs chromium and chromedriver")
    pytest.importorskip("selenium", reason="needs selenium")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    # Without motion the list is where it goes at once.
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "force-prefers-reduced-motion"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


class Browser:
    """One window; asks the page what a person would see."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, width=1400, height=900):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.get(path.as_uri())

    def run(self, script):
        return self.driver.execute_script(f"const all = s => [...document.querySelectorAll(s)]; return {script}")

    def find(self, selector, anywhere=False):
        return self.driver.find_element("css selector", selector if anywhere else f".photo:not([hidden]) {selector}")

    def point(self, selector, click=False):
        from selenium.webdriver import ActionChains

        actions = ActionChains(self.driver, duration=0)
        # The middle of the photo is empty a little further down.
        actions.move_to_element_with_offset(self.find(selector), 0, 50 if selector == ".picture" else 0)
        (actions.click() if click else actions).perform()

    def press(self, *keys):
        from selenium.webdriver import ActionChains, Keys

        ActionChains(self.driver, duration=0).send_keys(*(getattr(Keys, key) for key in keys)).perform()

    def key(self, *keys):
        """Press keys by name, and type everything else."""
        from selenium.webdriver import ActionChains, Keys

        ActionChains(self.driver, duration=0).send_keys(*(getattr(Keys, key, key) for key in keys)).perform()

    def drag(self, selector, target):
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).drag_and_drop(self.find(selector), self.find(target)).perform()

    def lit(self):
        """Return the groups lit in the list; those in the photo have to be the same."""
        lit = {
            kind: self.run(f"all('.photo:not([hidden]) {kind}.lit').map(e => e.dataset.group)")
            for kind in (".entry", ".box", ".area")
        }
        assert set(lit[".entry"]) == set(lit[".box"])
        assert set(lit[".area"]) == set(lit[".entry"]) - {"-1"}
        assert self.run("all('.dim.photo:not([hidden])').length") == len(lit[".entry"])
        return lit[".entry"]

    def pinned(self):
        return self.run("all('.photo:not([hidden]) [aria-pressed=true]').map(e => e.parentElement.dataset.group)")


@pytest.fixture
def browser(chromium):
    yield Browser(chromium)
    assert chromium.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert asked
    assert all(url.startswith(("file:", "data:")) for url in asked)
