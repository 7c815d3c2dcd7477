import assert from "node:assert/strict";
import type { Fault } from "../../emulator/emulator.ts";
import { withUnvisitedServer } from "../harness/environment.ts";
import { assertInStep, catchError, findClaimMessages, getView, type Scenario, type Scene } from "../scene.ts";
import { ACTS, type Act } from "./acts.ts";

/** Trouble that does not pass, and trouble that comes together. */
export const trouble: readonly Scenario[] = [
	...createLastingScenarios(),
	...createSilenceScenarios(),
	...createRedirectScenarios(),
	...createUnreachableScenarios(),
	...createReadScenarios(),
	...createCombinedScenarios(),
];

/** Trouble that lasts longer than a write bears with it. */
function createLastingScenarios(): Scenario[] {
	const troubles: readonly {
		readonly what: string;
		readonly action: Fault["action"];
		readonly says: RegExp;
	}[] = [
		{ what: "every connection breaks", action: { kind: "reset" }, says: /connection broke/ },
		{ what: "every response is 500", action: { kind: "status", status: 500 }, says: /500/ },
		{ what: "every response is 429", action: { kind: "throttle" }, says: /429/ },
		{ what: "every response is 503", action: { kind: "unavailable" }, says: /503/ },
		{ what: "every response is a gateway's page", action: { kind: "html", status: 502 }, says: /502/ },
		{ what: "the service refuses the request", action: { kind: "status", status: 400 }, says: /400/ },
	];
	return ACTS.flatMap((act) =>
		troubles.map(({ what, action, says }) => ({
			title: `${act.name} fails before its deadline if ${what}, changes nothing, and succeeds once that is over`,
			async play(scene: Scene) {
				const { elsewhere, faults, match, sample, requests, subject } = scene;
				const write = await act.prepare(scene);
				const before = elsewhere.getView();
				faults.add({ match: match[act.verb], times: "always", action });
				requests.reset();
				const { message } = await catchError(write());
				if (action.kind !== "throttle") assert.ok(requests.count() <= subject.costs.trouble);
				assert.ok(message.includes(sample.label), message);
				assert.match(message, says);
				assert.deepEqual(elsewhere.getView(), before);
				faults.clear();
				await act.again(scene);
				await act.assertDone(scene);
			},
		})),
	);
}

/** So much of a write's time is left, in milliseconds, when its request leaves. */
const LEFT = 200;

/** A service that receives a request and never responds. */
function createSilenceScenarios(): Scenario[] {
	return ACTS.flatMap((act) =>
		(["before", "after"] as const).map((when) => ({
			title: `${act.name} ends with its deadline if the service stops responding ${when} acting, and the next run resolves the outcome`,
			async play(scene: Scene) {
				const { faults, match, sample, subject } = scene;
				const clock = scene.createClock();
				const { silence: timeout } = subject.patience;
				scene.setUp({ timeout, clock });
				const write = await act.prepare(scene);
				faults.add({ match: match[act.verb], action: { kind: "hang", when } });
				const run = () => clock.jump(Number.parseInt(timeout, 10) * 1000 - LEFT);
				const lead = subject.leads[act.verb];
				if (lead > 0) faults.add({ nth: lead, action: { kind: "run", run } });
				const silenced = write();
				if (lead === 0) run();
				const { message } = await catchError(silenced);
				assert.ok(message.includes(sample.label), message);
				assert.match(message, /`timeouts`/);
				assert.match(message, /may or may not have been/);
				scene.setUp({});
				await act.again(scene);
				await act.assertDone(scene);
			},
		})),
	);
}

/** Answers that point elsewhere, where no token must go. */
function createRedirectScenarios(): Scenario[] {
	return ACTS.flatMap((act) =>
		[302, 307].map((status) => ({
			title: `${act.name} does not follow a redirect (${status}), and no token reaches its target`,
			play: (scene: Scene) =>
				withUnvisitedServer(async (trap) => {
					const write = await act.prepare(scene);
					scene.faults.add({ match: scene.match[act.verb], action: createRedirect(trap.url, status) });
					await write();
					assert.equal(trap.visits, 0);
					await act.assertDone(scene);
				}),
		})),
	);
}

function createRedirect(location: string, status: number): Fault["action"] {
	return { kind: "redirect", location, status };
}

/** A service that is down. */
function createUnreachableScenarios(): Scenario[] {
	return [
		{
			title: "A create fails soon if nothing listens at the address",
			async play({ resource, sample, close, clock }) {
				const plan = await resource.plan(sample.inputs);
				await close();
				const { message } = await catchError(plan.apply());
				assert.ok(message.includes(sample.label), message);
				assert.match(message, /no connection \(ECONNREFUSED\)/);
				assert.ok(clock.paused < 30_000);
			},
		},
		{
			title: "An object does not count as deleted if nothing listens at the address",
			async play({ resource, sample, close }) {
				await resource.up(sample.inputs);
				const { state } = resource;
				await close();
				const works = [
					() => resource.plan(sample.inputs),
					() => resource.refresh(),
					() => resource.destroy(),
				];
				for (const work of works) {
					const { message } = await catchError(work());
					assert.ok(message.includes(sample.label), message);
					assert.match(message, /no connection \(ECONNREFUSED\)/);
				}
				assert.equal(resource.state, state);
			},
		},
	];
}

/** Reads that go wrong: only the service's own word means that an object is gone. */
function createReadScenarios(): Scenario[] {
	const passing: readonly { readonly what: string; readonly action: Fault["action"] }[] = [
		{ what: "a broken connection", action: { kind: "reset" } },
		{ what: "a 500", action: { kind: "status", status: 500 } },
		{ what: "a 429", action: { kind: "throttle" } },
		{ what: "a 503", action: { kind: "unavailable" } },
		{ what: "half a response", action: { kind: "truncate" } },
		{ what: "a gateway's page", action: { kind: "html" } },
		{ what: "a login page", action: { kind: "html", status: 200 } },
	];
	const lasting: readonly { readonly what: string; readonly action: Fault["action"] }[] = [
		...passing,
		{ what: "a proxy's 404", action: { kind: "html", status: 404 } },
		{ what: "a 404 of another kind", action: { kind: "status", status: 404, body: { Message: "No route" } } },
		{ what: "a 410", action: { kind: "status", status: 410 } },
		{ what: "a 403", action: { kind: "status", status: 403 } },
	];
	return [
		...passing.map(({ what, action }) => ({
			title: `A plan and a refresh survive ${what}`,
			async play(scene: Scene) {
				const { resource, sample, faults, match, words } = scene;
				await resource.up(sample.inputs);
				faults.add({ match: match.read, times: 2, action });
				await assertInStep(scene, sample.inputs);
				faults.add({ match: match.read, times: 2, action });
				await resource.refresh();
				assert.deepEqual(words.listTexts(), []);
				await assertInStep(scene, sample.inputs);
			},
		})),
		...lasting.map(({ what, action }) => ({
			title: `An object does not count as deleted because of lasting ${what}`,
			async play(scene: Scene) {
				const { resource, sample, faults, match, subject } = scene;
				await resource.up(sample.inputs);
				const { state } = resource;
				scene.setUp({ timeout: subject.patience.failure });
				faults.add({ match: match.read, times: "always", action });
				for (const work of [() => resource.plan(sample.inputs), () => resource.refresh()]) {
					assert.ok((await catchError(work())).message.includes(sample.label));
				}
				assert.equal(resource.state, state);
			},
		})),
	];
}

/** A lost response, and a change by somebody else at the same moment. */
function createCombinedScenarios(): Scenario[] {
	return [
		{
			title: "A create whose response is lost does not claim an older object, even an equal one",
			async play(scene) {
				const { resource, sample, elsewhere, faults, match } = scene;
				faults.add({ match: match.create, action: { kind: "run", run: elsewhere.make } });
				faults.add({ match: match.create, action: { kind: "reset" } });
				const { message } = await catchError(resource.up(sample.inputs));
				assert.match(message, /exists already/);
				assert.equal(resource.state, undefined);
			},
		},
		{
			title: "A create whose response is lost does not claim a different object that somebody else created",
			needs: { births: "at once" },
			async play(scene) {
				const { resource, sample, elsewhere, faults, match } = scene;
				const other = () => elsewhere.change(sample.values.foreign);
				faults.add({ match: match.create, action: { kind: "run", run: other, when: "after" } });
				faults.add({ match: match.create, action: { kind: "reset", when: "after" } });
				const { message } = await catchError(resource.up(sample.inputs));
				assert.ok(message.includes(sample.label));
				assert.equal(getView(scene).fields[sample.path], sample.values.foreign);
			},
		},
		...(["before", "after"] as const).map((when) => ({
			title: `An update whose response is lost ${when} acting does not overwrite what somebody else wrote meanwhile`,
			async play(scene: Scene) {
				const { sample, elsewhere, faults, match, resource } = scene;
				const write = await prepareUpdate(scene);
				const other = () => elsewhere.change(sample.values.foreign);
				faults.add({ match: match.update, action: { kind: "run", run: other, when } });
				faults.add({ match: match.update, action: { kind: "reset", when } });
				const { message } = await catchError(write());
				assert.ok(message.includes(sample.label));
				assert.ok(message.includes(`"${sample.values.foreign}" now`));
				assert.equal(getView(scene).fields[sample.path], sample.values.foreign);
				await resource.up(sample.changed);
				await assertInStep(scene, sample.changed);
			},
		})),
		{
			title: "An update whose response is lost reports that somebody deleted the object meanwhile",
			async play(scene) {
				const { elsewhere, faults, match, resource, sample } = scene;
				const write = await prepareUpdate(scene);
				faults.add({ match: match.update, action: { kind: "run", run: elsewhere.remove } });
				faults.add({ match: match.update, action: { kind: "reset" } });
				assert.match((await catchError(write())).message, /was deleted by somebody else/);
				assert.equal(elsewhere.getView(), undefined);
				await resource.up(sample.changed);
				await assertInStep(scene, sample.changed);
			},
		},
		{
			title: "A delete whose response is lost does not delete an object that somebody created meanwhile",
			needs: { ids: "declared" },
			async play(scene) {
				const { resource, sample, elsewhere, faults, match } = scene;
				await resource.up(sample.inputs);
				faults.add({ match: match.delete, action: { kind: "run", run: elsewhere.make, when: "after" } });
				faults.add({ match: match.delete, action: { kind: "reset", when: "after" } });
				assert.match((await catchError(resource.destroy())).message, /was not deleted/);
				assert.ok(elsewhere.getView());
			},
		},
		{
			title: "The outcome after a lost response is found although the first reads fail too",
			async play(scene) {
				const { resource, sample, faults, match, words, subject } = scene;
				const looks = () =>
					void faults.add({ match: match.read, times: 3, action: { kind: "status", status: 500 } });
				faults.add({ match: match.create, action: { kind: "run", run: looks, when: "after" } });
				faults.add({ match: match.create, action: { kind: "reset", when: "after" } });
				await resource.up(sample.inputs);
				assert.deepEqual(words.listTexts(), findClaimMessages(scene));
				assert.equal(words.listTexts().length, subject.traits.ids === "declared" ? 1 : 0);
				await assertInStep(scene, sample.inputs);
			},
		},
		...ACTS.map((act) => ({
			title: `${act.name} of unknown outcome says that it may have been carried out, and the next run resolves it`,
			async play(scene: Scene) {
				const { sample, faults, match, subject } = scene;
				scene.setUp({ timeout: subject.patience.failure });
				const write = await act.prepare(scene);
				const looks = () =>
					void faults.add({ match: match.read, times: "always", action: { kind: "status", status: 500 } });
				faults.add({ match: match[act.verb], action: { kind: "run", run: looks, when: "after" } });
				faults.add({ match: match[act.verb], action: { kind: "reset", when: "after" } });
				const { message } = await catchError(write());
				assert.ok(message.includes(sample.label));
				assert.match(message, /may or may not have been/);
				faults.clear();
				await act.again(scene);
				await act.assertDone(scene);
			},
		})),
	];
}

async function prepareUpdate(scene: Scene): Promise<() => Promise<void>> {
	return actNamed("update").prepare(scene);
}

function actNamed(verb: Act["verb"]): Act {
	const act = ACTS.find((candidate) => candidate.verb === verb);
	if (act === undefined) throw new TypeError(verb);
	return act;
}
