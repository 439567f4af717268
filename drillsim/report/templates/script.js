(function () {
  var all = function () { return Array.prototype.slice.call(document.querySelectorAll("details")); };
  var button = document.getElementById("open-all");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var open = button.getAttribute("aria-pressed") !== "true";
      all().forEach(function (d) { d.open = open; });
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? button.dataset.close : button.dataset.open;
    });
  }
  var root = document.documentElement;
  root.dataset.print = /[?&]print=(all|full)\b/.test(location.search) ? "all" : "short";
  var choice = document.querySelector(".print-choice");
  if (choice) {
    choice.hidden = false;
    Array.prototype.forEach.call(choice.querySelectorAll("button"), function (b) {
      b.addEventListener("click", function () { root.dataset.print = b.dataset.print; window.print(); });
    });
  }
  var before = [];
  window.addEventListener("beforeprint", function () {
    before = all().filter(function (d) { return !d.open && d.classList.contains("print-open"); });
    before.forEach(function (d) { d.open = true; });
  });
  window.addEventListener("afterprint", function () { before.forEach(function (d) { d.open = false; }); });
})();
