"""A run on somebody else's executor: dask's own, over a cluster of one process on this machine."""

from __future__ import annotations

from pathlib import Path

from dask.distributed import Client, LocalCluster

from explainers.trained import experiment
from explainers.trained.arms import Arm
from explainers.trained.measured import measure

ARMS = [Arm("max", "max", size=100), Arm("stride", "max", size=100)]


def test_a_cluster_records_what_one_process_finds(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None, local_directory=tmp_path
        ) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        rows = experiment.run(ARMS, [7], executor, path, quiet=True)
    assert rows == [measure(arm, 7) for arm in ARMS]
    assert [(row.arm, row.seed) for row in experiment.recorded(path)] == [
        (arm.id, 7) for arm in ARMS
    ]
