// The gate of a shared page (routes/s): the secret stands behind the '#', which no server and no log ever sees. It is
// taken out of the address at once and posted once, for a cookie. Without this script the form does the same.
(function () {
	'use strict';
	function take() {
		var code = location.hash.slice(1);
		// A place on the page is no code.
		if (!code || document.getElementById(code)) return '';
		history.replaceState(history.state, '', location.pathname);
		return code;
	}
	var form = document.querySelector('form[data-gate]');
	if (!form) {
		addEventListener('hashchange', take);
		return void take();
	}
	var said = form.querySelector('[data-said]');
	function show(which) {
		form.dataset.now = which;
		if (which !== 'opening') said.focus();
	}
	function open() {
		show('opening');
		fetch(form.action, {
			method: 'POST',
			headers: { Accept: 'application/json' },
			body: new URLSearchParams(new FormData(form)),
			credentials: 'same-origin'
		})
			.then(function (answer) {
				if (answer.ok) return location.replace(location.pathname);
				show(answer.status === 429 ? 'wait' : answer.status === 403 ? 'closed' : 'offline');
			})
			.catch(function () {
				show('offline');
			});
	}
	function come() {
		var code = take();
		if (!code) return;
		form.elements.link.value = code;
		open();
	}
	form.addEventListener('submit', function (event) {
		event.preventDefault();
		open();
	});
	// The same page open already, and the link pressed once more.
	addEventListener('hashchange', come);
	come();
})();
