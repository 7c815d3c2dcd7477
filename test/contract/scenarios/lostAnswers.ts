import assert from "node:assert/strict";
import type { Fault } from "../../emulator/emulator.ts";
import { findClaimMessages, type Scenario, type Scene } from "../scene.ts";
import { ACTS, type Act } from "./acts.ts";

/** Something that happens once on the way to the service or back. */
interface Mishap {
	readonly what: string;
	readonly action: Fault["action"];
	/** The shortest pause before the next request, in milliseconds. */
	readonly pause?: number;
}

/** Reports the search for an object that the lost request may have created; nobody knows its id. */
const IS_SEARCH =
	/^Autopilot: the response to one import was lost, and the import has been searched for \d+ s;/;

const TEN_SECONDS = 10_000;

const MISHAPS: readonly Mishap[] = [
	{ what: "the connection is refused half-way", action: { kind: "refuse" } },
	{ what: "the connection breaks before the service acts", action: { kind: "reset", when: "before" } },
	{ what: "the connection breaks after the service acted", action: { kind: "reset", when: "after" } },
	{ what: "the service responds with 500 and did nothing", action: { kind: "status", status: 500 } },
	{
		what: "the service responds with 500 and applied it",
		action: { kind: "status", status: 500, when: "after" },
	},
	{
		what: "the service responds with 504 and applied it",
		action: { kind: "status", status: 504, when: "after" },
	},
	{ what: "the service responds with 408 and did nothing", action: { kind: "status", status: 408 } },
	{ what: "the service responds with 429", action: { kind: "throttle" }, pause: TEN_SECONDS },
	{
		what: "the service responds with 429 and Retry-After 17",
		action: { kind: "throttle", retryAfter: 17 },
		pause: 17_000,
	},
	{ what: "the service responds with 503", action: { kind: "unavailable" }, pause: TEN_SECONDS },
	{
		what: "the service responds with 503 and applied it",
		action: { kind: "status", status: 503, when: "after" },
		pause: TEN_SECONDS,
	},
	{ what: "half of the response arrives", action: { kind: "truncate" } },
	{
		what: "the response is cut and has a matching Content-Length",
		action: { kind: "truncate", contentLength: "cut" },
	},
	{ what: "a gateway's page is returned, and nothing was done", action: { kind: "html", status: 502 } },
	{
		what: "a gateway's page is returned, and the write was applied",
		action: { kind: "html", status: 502, when: "after" },
	},
	{ what: "a login page is returned with 200, and nothing was done", action: { kind: "html", status: 200 } },
	{
		what: "a login page is returned with 200, and the write was applied",
		action: { kind: "html", status: 200, when: "after" },
	},
	{ what: "the response is labelled as HTML", action: { kind: "contentType", value: "text/html" } },
	{
		what: "the response is not a JSON object",
		action: { kind: "status", status: 200, body: "null", when: "after" },
	},
	{
		what: "the response is another object",
		action: { kind: "status", status: 200, body: { status: "enabled" }, when: "after" },
	},
];

/** One mishap at each write: nothing is lost or done twice, and nothing is logged unless an existing object counts as ours. */
export const lostAnswers: readonly Scenario[] = ACTS.flatMap((act) =>
	MISHAPS.map((mishap) => ({
		title: `One ${act.verb} is carried out once although ${mishap.what}`,
		play: (scene: Scene) => playMishap(scene, act, mishap),
	})),
);

async function playMishap(scene: Scene, act: Act, { action, pause }: Mishap): Promise<void> {
	const { faults, match, words, elsewhere, subject } = scene;
	const write = await act.prepare(scene);
	const before = elsewhere.getView()?.revision;
	faults.add({ match: match[act.verb], action });
	await write();
	const after = elsewhere.getView()?.revision;
	if (act.verb === "update") assert.equal(after, Number(before) + 1, "written once");
	if (pause !== undefined) assert.ok(scene.clock.paused >= pause, `paused for ${scene.clock.paused} ms only`);
	const isClaimed = act.verb === "create" && subject.traits.ids === "declared";
	const claims = isClaimed ? findClaimMessages(scene) : [];
	if (isClaimed && "when" in action && action.when === "after") assert.equal(claims.length, 1);
	const isAssigned = act.verb === "create" && subject.traits.ids === "given";
	const told = words.listTexts().filter((text) => !(isAssigned && IS_SEARCH.test(text)));
	assert.deepEqual(told, claims);
	await act.assertDone(scene);
}
