"""The camera of the studio as an application, in Chromium: started and stopped by keys, painted, taken, refused."""

import re

import numpy as np
import pytest

from tests.support.jupyterlab import chromium, served_studio, shows, wait_for

FAKE = "--use-fake-device-for-media-stream"  # a camera that shows a moving shape on green
PIXELS = """(video) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [64, 36];
    canvas.getContext("2d").drawImage(video, 0, 0, 64, 36);
    return [...canvas.getContext("2d").getImageData(0, 0, 64, 36).data];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    with served_studio(folder, "coffee", "vortex", "mosaic", "--size", "256") as address:
        yield address


def opened(page, address):
    """The page of the studio with its camera."""
    camera = page.get_by_role("button", name="Camera", exact=True)
    for _ in range(3):  # now and then a kernel does not answer the page that started it
        page.goto(address)
        if shows(camera, 60):
            break
    camera.click()
    start = page.get_by_role("button", name="Start the camera")
    start.focus()
    return start


def test_frames_are_painted_until_it_is_stopped_and_one_becomes_the_photo(address):
    with chromium(FAKE, "--use-fake-ui-for-media-stream") as page:
        start = opened(page, address)
        take = page.get_by_role("button", name="Use this frame as photo")
        assert take.is_disabled()
        page.keyboard.press("Enter")
        rate = page.locator(".nst-studio-rate")
        rate.filter(has_text="frames a second").wait_for()
        assert float(re.match(r"[\d.]+", rate.inner_text())[0]) > 0

        def seen(selector):
            """[36, 64, 3], what an element shows now."""
            pixels = page.locator(f".nst-studio-viewfinder {selector}").evaluate(PIXELS)
            return np.array(pixels, np.float32).reshape(36, 64, 4)[..., :3]

        both = seen("canvas")
        assert np.abs(both - seen("video")).mean() > 30
        assert page.get_by_role("img", name="The camera's picture, painted in vortex, mosaic").is_visible()
        page.get_by_role("slider", name="Share of mosaic").press("Home")
        page.get_by_role("img", name="The camera's picture, painted in vortex", exact=True).wait_for()
        wait_for(lambda: np.abs(seen("canvas") - both).mean() > 15)
        for role, name in (("slider", "Strength"), ("slider", "Stroke size"), ("combobox", "Size")):
            assert page.get_by_role(role, name=name).is_disabled()
        assert page.get_by_role("button", name="Save").is_disabled()

        stop = page.get_by_role("button", name="Stop the camera")
        stop.focus()
        page.keyboard.press("Enter")
        start.wait_for()
        assert page.locator(".nst-studio-viewfinder video").is_hidden()
        assert page.evaluate("document.activeElement.textContent") == "Start the camera"
        page.wait_for_timeout(1000)  # the answer to a frame that was on its way
        stopped = seen("canvas")
        page.wait_for_timeout(1000)
        np.testing.assert_array_equal(seen("canvas"), stopped)

        take.press("Enter")
        page.get_by_role("status").filter(has_text="Painted, 256 × ").wait_for()
        assert page.get_by_role("combobox", name="Photo", exact=True).input_value() == "webcam"
        assert page.locator(".nst-studio-camera").count() == 0
        button = page.get_by_role("button", name="Brush styles")
        assert button.get_attribute("aria-pressed") == "true"


def test_a_camera_that_may_not_be_used_or_is_not_there_is_one_line(address):
    with chromium(FAKE, "--use-fake-ui-for-media-stream=deny") as page:
        start = opened(page, address)
        line = page.locator(".nst-studio-camera [role=status]")
        page.keyboard.press("Space")
        line.filter(has_text="was not allowed to use the camera").wait_for()
        page.evaluate(
            """() => { navigator.mediaDevices.getUserMedia = async () => {
                throw new DOMException("", "NotFoundError");
            }; }"""
        )
        start.press("Space")
        line.filter(has_text="There is no camera; connect one, or choose a file.").wait_for()
        page.evaluate("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
        start.press("Space")
        line.filter(has_text="This browser offers no camera; choose a file.").wait_for()
        assert start.is_enabled()
        assert page.get_by_role("button", name="Use this frame as photo").is_disabled()
