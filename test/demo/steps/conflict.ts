import type { Scene } from "../scene.ts";
import type { Step } from "./step.ts";

const DEVICE = "ammonia-alarm";
const REASON = "sent in for calibration";

/** A change that arrives between the plan and the write is never overwritten. */
export const conflict: Step = {
	title: "A conflict in the middle of a write",
	why: "A reason is edited. When the plan is made and its write is on the way, somebody else writes another reason. The etag does not fit any more, the hub refuses the write, and the run fails with what was, what is and what should be.",
	async run(scene) {
		scene.edit({ from: "reason: tested every Monday at nine", to: "reason: tested every Friday at nine" });
		const stop = interfere(scene);
		const { diagnostics } = await scene.pulumi("up", { fails: true });
		stop();
		const told = diagnostics.map(({ message }) => message).join("\n");
		const values = ["tested every Monday at nine", REASON, "tested every Friday at nine"];
		scene.check(
			"the failure tells all three reasons",
			values.filter((value) => !told.includes(value)).map((value) => `"${value}" is not told`),
		);
		checkReason(scene, "the other reason stands, nothing was overwritten", REASON);
		scene.checkNothingWritten();
		await scene.pulumi("up");
		scene.checkDeclared();
	},
};

/** Writes just before the next write arrives; returns what ends the lurking. */
function interfere({ emulator: { control }, screen }: Scene): () => void {
	let done = false;
	return control.onRequest(({ method, path }) => {
		if (done || method !== "PUT" || !path.endsWith(`/${DEVICE}`)) return;
		done = true;
		control.devices.change(DEVICE, { statusReason: REASON });
		screen.elsewhere(`${DEVICE} gets the reason "${REASON}"`);
	});
}

function checkReason(scene: Scene, claim: string, reason: string): void {
	const seen = scene.emulator.control.devices.get(DEVICE)?.statusReason;
	scene.check(claim, seen === reason ? [] : [`the reason is "${seen}"`]);
}
