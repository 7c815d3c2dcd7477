/**
 * The one text of ours that Pulumi stores, twice for each resource, and evaluates again for as long as the state
 * lives. It holds no logic: it loads this package's runtime by name and hands the call over, so an upgrade of the
 * package is in force at once for every resource ever deployed, and changes none of them.
 *
 * `then` is no method because the provider host passes the object through an async function, which would
 * otherwise take it for a promise (pulumi/pulumi `sdk/nodejs/cmd/dynamic-provider`).
 *
 * Every text ever released must keep working; `test/fixtures/trampoline` holds them all.
 *
 * @param kind the name under which the runtime knows the resource's lifecycle, `deviceIdentity` for example
 * @returns JavaScript source of at most 200 bytes
 */
export function trampoline(kind: string): string {
	return `exports.handler=()=>new Proxy({},{get:(_,m)=>m!='then'&&((...a)=>import('pulumi-device-identity/runtime').then(r=>r.run('${kind}',m,a)))})`;
}
