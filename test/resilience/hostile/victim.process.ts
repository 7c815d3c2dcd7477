/**
 * A provider that works at a server of the worst kind, in a process that has little memory to lose. Its arguments: what it
 * does, where, and how long that may take. It prints what came of it, and how much memory the process took at its peak.
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
