"""The studio's answers about where an encoder puts its data."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from serving import ENCODED, PICTURES, Place, place, until
from test_studio import sheet
from test_studio_classes import Ask

from playground.explorer.encodings import SIDE
from playground.explorer.latents import paths
from playground.types import Status


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("encodings")) as found:
        yield found


def asks(there: Place, spec: dict) -> tuple[Ask, str]:
    run = there.call["start"]({"spec": spec})["run"]
    until(there.engine, run, Status.FINISHED)
    return lambda name, **message: there.call[name]({"run": run, **message}), run


def latents(answer: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(answer["z"]), "<f4").reshape(len(answer["norms"]), -1)


def test_codes_of_two_numbers_are_shown_as_they_are_and_all_of_their_plane_is_decoded(there):
    ask, run = asks(there, PICTURES | {"variant": "aae", "knobs": {"z_dim": 2, "width_g": 4, "width_e": 4, "width_d": 8, "hidden_d": 8, "batch": 8}})
    found = ask("encodings")
    of = there.services.networks.source(run)
    data = of.training_data()
    with torch.inference_mode():
        codes = of.gan.encode(of.normalised(data.held[:1000])).z.numpy()
    assert found["full"]
    assert np.allclose(found["codes"], codes, atol=6e-4)
    assert np.allclose(found["prior"], paths.draw("normal", len(codes), 2, 0).numpy(), atol=6e-4)
    assert found["labels"] == data.held_labels[:1000].tolist()
    assert found["classes"] == list("0123456789")
    share = codes.var(0) / codes.var(0).sum()
    assert np.allclose(found["explained"], share, atol=1e-3)
    assert np.mean(np.abs(np.concatenate([found["codes"], found["prior"]])) <= found["reach"]) == pytest.approx(0.99, abs=0.005)
    z, edge = latents(found["decoded"]), found["reach"] * (1 - 1 / SIDE)
    assert z.shape == (SIDE * SIDE, 2)
    assert np.allclose(z[[0, SIDE - 1, -SIDE, -1]], [[-edge, edge], [edge, edge], [-edge, -edge], [edge, -edge]], atol=1e-4)       # from its top
    assert len(sheet(found["decoded"])) == SIDE * SIDE
    assert ask("encodings") == found


def test_longer_codes_are_shown_in_the_plane_in_which_they_vary_most(there):
    ask, run = asks(there, PICTURES | {"variant": "vaegan", "knobs": {"z_dim": 6, "width_g": 4, "width_e": 4, "width_d": 4, "batch": 8}})
    found = ask("encodings")
    of = there.services.networks.source(run)
    with torch.inference_mode():
        codes = of.gan.encode(of.normalised(of.training_data().held[:1000])).z.double().numpy()
    centred = codes - codes.mean(0)
    values, vectors = np.linalg.eigh(np.cov(centred.T))
    assert not found["full"]
    assert np.allclose(found["explained"], values[::-1][:2] / values.sum(), atol=1e-3)
    for axis in (0, 1):
        along = centred @ vectors[:, -1 - axis]
        told = np.array(found["codes"])[:, axis]
        assert min(np.abs(told - along).max(), np.abs(told + along).max()) < 2e-3
    middle = latents(found["decoded"])[SIDE * SIDE // 2]
    assert np.allclose(middle, codes.mean(0), atol=1e-4)


def test_on_points_nothing_is_decoded_and_without_an_encoder_it_is_refused(there):
    ask, _ = asks(there, ENCODED)
    found = ask("encodings")
    assert (found["decoded"], found["full"], len(found["classes"]), set(found["labels"])) == (None, True, 8, set(range(8)))
    assert len(found["codes"]) == len(found["prior"])
    assert "has no encoder" in there.call["encodings"]({"run": there.done})["error"]["message"]
