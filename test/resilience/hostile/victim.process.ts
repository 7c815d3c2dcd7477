/**
 * A provider that works with a hostile server, in a process with little memory. Its arguments are the action, the
 * server's address and the timeout. It prints the result and the peak memory of the process.
 */
import { openTrustingGraph, openTrustingHub } from "./trustingServices.ts";
import type { Outcome } from "./victim.ts";

const [act = "", origin = "", time = "20m"] = process.argv.slice(2);
const hub = openTrustingHub(origin, { "iothub:timeouts": time });
const graph = openTrustingGraph(origin, { "autopilot:timeouts": time });

const ACTS: Readonly<Record<string, () => Promise<unknown>>> = {
	device: () => hub.functions.getDevice({ deviceId: "a" }),
	devices: () => hub.functions.queryDevices({}),
	machine: () => graph.functions.getMachine({ id: "a" }),
	machines: () => graph.functions.listMachines({}),
	import: () => graph.autopilotIdentity.create({ serialNumber: "S-1", hardwareIdentifier: "T0E=" }),
};

async function main(): Promise<void> {
	const message = await ACTS[act]?.().then(
		() => "it succeeded",
		(error: unknown) => (error instanceof Error ? error.message : "it failed without an error"),
	);
	const outcome: Outcome = { message: message ?? "", peak: process.resourceUsage().maxRSS * 1024 };
	process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
}

void main();
