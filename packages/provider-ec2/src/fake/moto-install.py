"""Makes a virtual environment with the pinned moto: moto-install.py ENVIRONMENT REQUIREMENTS

Safe to run twice at once: the second waits for the first and finds its work done. The kernel
lets go of the lock when its holder dies; what a dead one left half done is begun anew.
Prints a line for each step; exits with 1 and the reason on standard error.
"""

import fcntl
import os
import shutil
import subprocess
import sys

MARKER = "burstcell-installed"


def main(environment, requirements):
    os.makedirs(os.path.dirname(environment), exist_ok=True)
    with open(environment + ".lock", "w") as lock:
        wait_for(lock)
        if not os.path.exists(os.path.join(environment, MARKER)):
            install(environment, requirements)


def wait_for(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another installation of moto")
        fcntl.flock(lock, fcntl.LOCK_EX)


def install(environment, requirements):
    shutil.rmtree(environment, ignore_errors=True)
    say("making a virtual environment in " + environment)
    run([sys.executable, "-m", "venv", environment])

    say("installing moto from the Python package index (about 300 MB)")
    pip = [os.path.join(environment, "bin", "python"), "-m", "pip", "install"]
    run(pip + ["--disable-pip-version-check", "--no-input", "--prefer-binary", "-r", requirements])
    with open(os.path.join(environment, MARKER), "w") as marker:
        marker.write("complete\n")
    say("moto is installed")


def run(command):
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        tail = []
        for line in child.stdout:
            tail = (tail + [line.rstrip()])[-12:]
            if line.startswith(("Collecting", "Installing", "Successfully")):
                say(line.strip()[:120])
    if child.returncode != 0:
        sys.exit("\n".join(tail))


def say(line):
    print(line, flush=True)


main(*sys.argv[1:])
